import type { Plan } from '../../shared/model/diff.ts';
import type { HostRuleset, RuleRow } from '../../shared/policy/host-ruleset.ts';
import { listOtherDeciders } from '../../shared/text/other-firewalls.ts';
import { findFacts, listHostStates } from '../db/host-state-store.ts';
import type { BackendContext } from './backend-context.ts';
import { listSharedAddresses } from './fleet.ts';
import { listIdentityNotes } from './identity-plan.ts';
import { listLabelWarnings } from './label-warnings.ts';
import type { PlanScope } from './plan-scope.ts';

const MAX_NAMED = 5;

/** What does not stop a push, and what people should know before it. Sentences without a full stop. */
export function listWarnings(ctx: BackendContext, scope: PlanScope): Plan['warnings'] {
  return [
    ...describeCarried(scope),
    ...(scope.withoutAgent.length === 0 ? [] : [`Without an agent, and so left out: ${scope.withoutAgent.map(({ name }) => name).join(', ')}`]),
    ...(scope.failing.length === 0 ? [] : [`The last contact failed, so that the push may stop there: ${scope.failing.map(({ name }) => name).join(', ')}`]),
    ...scope.hosts.filter((host) => host.formerBundle === null).map((host) => `${host.after.host.name} does not run what was last pushed to it; it is sent all of its rules again`),
    ...scope.hosts.filter(isElsewhere).map(({ after }) => `${after.host.name} runs rules that this workspace did not make: another console pushed them, and they would be replaced`),
    ...listIdentityNotes(ctx, scope),
    ...describeShared(listSharedAddresses(ctx)),
    ...listLabelWarnings(ctx, scope),
    ...describeOnlyWayIn(scope),
    ...describeBypasses(ctx, scope),
    ...describeOtherDeciders(ctx, scope),
  ];
}

/** It confirmed what we have no text of, so that its diff shows everything as new. */
const isElsewhere = ({ after, formerBundle, former }: PlanScope['hosts'][number]): boolean => formerBundle !== null && former === null && formerBundle !== after.hash;

/** Told of those that the draft would change. */
function describeCarried({ carried }: PlanScope): string[] {
  const changed = carried.filter(({ after, formerBundle }) => after.hash !== formerBundle).map(({ after }) => after.host.name);
  return changed.length === 0 ? [] : [`Reached by stick, and so left out: ${cut(changed)}; to carry their rules: firebreak bundle export HOST… --out STICK`];
}

/** Who wins where another firewall is at work too. Told when a host begins to be judged: before that, nothing here decides. */
function describeOtherDeciders(ctx: BackendContext, scope: PlanScope): string[] {
  const judged = scope.hosts.filter(({ after, former }) => after.mode !== 'observe' && former?.mode !== after.mode);
  const found = judged.flatMap(({ after: { host } }) => listOtherDeciders(findFacts(ctx.workspace.read, host.id)?.firewalls ?? []).map((decider) => ({ ...decider, host: host.name })));
  return [...Map.groupBy(found, ({ name }) => name)].map(([name, entries]) => `On ${cut(entries.map(({ host }) => host))}, ${name} ${entries[0]?.effect ?? ''}`);
}

/** A host that reports another's address, by mistake or by intent, takes it out of every rule: that must not only show as a shorter list. */
function describeShared(shared: ReturnType<typeof listSharedAddresses>): string[] {
  if (shared.length === 0) return [];
  const named = shared.slice(0, MAX_NAMED).map(({ address, hosts }) => `${address} (${cut(hosts)})`);
  const more = shared.length > MAX_NAMED ? ` and ${shared.length - MAX_NAMED} more` : '';
  return [`Reported by several hosts, and so in no rule for any of them unless entered by hand: ${named.join(', ')}${more}`];
}

/** The console's address is let in by itself; an admin whose machine gets another one (DHCP, a new laptop) is not. Told once, on the way to enforce. */
function describeOnlyWayIn(scope: PlanScope): string[] {
  const alone = scope.hosts.filter(({ after, former }) => after.mode === 'enforce' && former?.mode !== 'enforce' && !letsOthersIntoSsh(after.ruleset));
  if (alone.length === 0) return [];
  const consoles = [...new Set(alone.flatMap(({ after }) => after.host.management.consoleAddresses))].sort();
  return [
    `SSH to ${cut(alone.map(({ after }) => after.host.name))} will be open to this console alone (${cut(consoles)}): from another address nobody gets in but at the machine itself. Add an allow rule for the network that administrators come from`,
  ];
}

/** Told each time, of hosts that are to judge: what gets past them is not in any figure of the plan. */
function describeBypasses(ctx: BackendContext, scope: PlanScope): string[] {
  const passages = new Map(listHostStates(ctx.workspace.read).map((state) => [state.host, state.network?.bypasses ?? []]));
  return scope.hosts
    .filter(({ after }) => after.mode !== 'observe')
    .flatMap(({ after: { host } }) => (passages.get(host.id) ?? []).map((text) => `Traffic can pass ${host.name} unjudged. ${text}`));
}

function letsOthersIntoSsh({ essential, allowIn, only }: HostRuleset): boolean {
  const isForSsh = ({ services }: RuleRow) =>
    services.kind === 'any' || services.terms.some((term) => term.kind === 'ports' && term.protocol === 'tcp' && term.ports.some(({ from, to }) => from <= essential.sshPort && essential.sshPort <= to));
  // Where only some services are refused by default, SSH may not be one of them.
  return only !== null || allowIn.some(isForSsh);
}

const cut = (names: readonly string[]): string => names.slice(0, MAX_NAMED).join(', ') + (names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : '');
