import type { ContractRouterClient } from '@orpc/contract';
import { FirebreakError } from '../errors.ts';
import type { LintAct } from '../model/finding.ts';
import type { Contract } from './contract.ts';

/**
 * Does a finding's fix to the draft by the commands that exist anyway: one edit, or one for each rule that it changes. `value` is what a person says where only a
 * person can (`ask`). Rules are read again first, so that an edit made meanwhile is kept. @throws NOT_FOUND for a rule that is gone · what the commands throw
 */
export async function performFix(client: ContractRouterClient<Contract>, act: LintAct, value: string | null): Promise<void> {
  switch (act.kind) {
    case 'remove-rule':
      await client.policy.removeRule({ id: act.rule });
      return;
    case 'change-rules':
      for (const { rule, change } of act.rules) await changeRule(client, rule, change);
      return;
    case 'ask':
      if (value === null || value.trim() === '') throw new FirebreakError('INPUT_INVALID', { issues: [{ path: act.field, message: `only you know the ${act.field} of ${act.rule}; give it` }] });
      await changeRule(client, act.rule, { [act.field]: value.trim() });
      return;
    case 'remove-zone':
      await client.policy.removeZone({ name: act.name });
      return;
    case 'order-zones':
      await client.policy.orderZones({ names: act.names });
      return;
    case 'remove-service':
      await client.policy.removeService({ name: act.name });
      return;
    case 'remove-iplist':
      await client.policy.removeIpList({ name: act.name });
  }
}

async function changeRule(client: ContractRouterClient<Contract>, id: string, change: object): Promise<void> {
  const { rules } = (await client.policy.get({})).policy;
  const rule = rules.find((candidate) => candidate.id === id);
  if (!rule) throw new FirebreakError('NOT_FOUND', { what: 'rule', name: id, known: rules.map((candidate) => candidate.id) });
  await client.policy.updateRule({ ...rule, ...change });
}
