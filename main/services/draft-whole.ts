import { FirebreakError } from '../../shared/errors.ts';
import { exportPolicyYaml, importPolicyYaml } from '../../shared/policy/policy-yaml.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { listHosts } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { assertNoIssues, checkPolicy } from './check-policy.ts';
import { editDraft, readBasePolicy, readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';

/** The draft as one YAML text; the same draft always gives the same bytes. */
export const exportDraft = (ctx: BackendContext): { text: string } => ({ text: exportPolicyYaml(readDraft(ctx).policy) });

/** Replaces the whole draft, or only checks it (`dryRun`). @throws INPUT_INVALID with every issue, each with its line where there is one */
export function importDraft(ctx: BackendContext, text: string, dryRun: boolean): { zones: number; rules: number } {
  const parsed = importPolicyYaml(text, () => ctx.newId.rule());
  if (!parsed.ok) throw new FirebreakError('INPUT_INVALID', { issues: [...parsed.issues] });
  const { policy, issues } = checkPolicy(parsed.value, new Set(listHosts(ctx.workspace.read).map((h) => h.name)));
  assertNoIssues(issues);
  const counts = { zones: policy.zones.length, rules: policy.rules.length };
  if (dryRun) return counts;
  return editDraft(ctx, { action: 'policy.importText', subject: 'draft', detail: `${counts.zones} zones, ${counts.rules} rules` }, () => ({
    policy,
    result: counts,
  }));
}

/** Back to the newest version (to the empty policy before the first). */
export function discardDraft(ctx: BackendContext): void {
  const policy = readBasePolicy(ctx);
  editDraft(ctx, { action: 'policy.discardDraft', subject: 'draft', detail: '' }, () => ({ policy, result: undefined }));
}

export function testDraft(ctx: BackendContext): { ran: number; broken: string[] } {
  const { policy } = readDraft(ctx);
  const { ran, broken } = runPolicyTests(policy, listFleet(ctx), { nowMs: ctx.nowMs() });
  return { ran, broken: [...broken] };
}
