import type { Evidence } from './evidence-tables.ts';
import { amount } from './amount.ts';
import { computeFigures } from './figures.ts';

/** Of a workspace without a managed host; the report says it first. */
export const NOTHING_IN_SCOPE = 'Nothing is in scope: the workspace has no host that Firebreak manages, so that every figure is of nothing. Add hosts and install the agent, then make the report again.';

/** What this evidence cannot show, as sentences: those that hold for every period, and those of this one with their figures. Pure. */
export function listLimits(evidence: Evidence): string[] {
  const values = new Map(computeFigures(evidence).map(({ id, value }) => [id, value]));
  const of = (id: string): number => values.get(id) ?? 0;
  const missing = of('hoursExpected') - of('hoursRecorded');
  const byStick = new Set(evidence.sources.hosts.flatMap(({ host, managed, carried }) => (managed && carried !== '' ? [host] : [])));
  // Of hosts that no connection reaches nobody expects a record over the period: they are told of by themselves.
  const reached = evidence.derived.coverage.filter(({ host }) => !byStick.has(host));
  const withoutAgent = reached.filter((row) => !row.with_agent).length;
  const silent = reached.filter((row) => row.with_agent && !row.reporting).length;
  const unknownPosture = evidence.sources.posture.filter(({ secure_boot: boot, disk, updates, edr }) => [boot, disk, updates, edr].includes('unknown')).length;
  const found: readonly (readonly [boolean, string])[] = [
    [of('hostsInScope') === 0, NOTHING_IN_SCOPE],
    [withoutAgent > 0, `${amount(withoutAgent, 'host')} of ${of('hostsInScope')} in scope without an agent: nothing is recorded or enforced there.`],
    [silent > 0, `${amount(silent, 'host')} with an agent gave no data in the period.`],
    [byStick.size > 0, `Reached by stick and by no connection (hosts.csv): ${amount(byStick.size, 'host')} of ${of('hostsInScope')} in scope. They are known as they were when a bundle was made there: what was open and listening at that moment, no record over the period. What they enforce is known from receipts alone.`],
    [of('hostsUnsigned') > 0, `Known by a carried bundle that nobody signed, so that it may be made up (hosts.csv): ${amount(of('hostsUnsigned'), 'host')}.`],
    [missing > 0, `No data for ${amount(missing, 'host hour')} of ${of('hoursExpected')}.`],
    [of('packetsLost') > 0, `Counted and not described: ${amount(of('packetsLost'), 'packet')} of new connections.`],
    [of('hostsWithClockOff') > 0, `Clocks were off by more than two minutes on ${amount(of('hostsWithClockOff'), 'host')}: what they recorded may be misdated, or outside of the period.`],
    [of('unmanagedPeers') > 0, `No host of the workspace, and in no IP list: ${amount(of('unmanagedPeers'), 'peer')}.`],
    [of('otherFirewallsInPlay') > 0, `In play beside ours: ${amount(of('otherFirewallsInPlay'), 'other firewall')}; what they refuse may never have been seen here.`],
    [unknownPosture > 0, `How it is kept (Secure Boot, disk encryption, security updates, endpoint security) is not known in one part or more (posture.csv): ${amount(unknownPosture, 'host')} of ${of('hostsInScope')} in scope.`],
    [of('zonesOnlySomeServices') > 0, `Enforced for some services only (zones.csv): ${amount(of('zonesOnlySomeServices'), 'zone')}.`],
    [of('zonesOutboundOpen') > 0, `Outbound is open, so that only inbound and deny rules are enforced: ${amount(of('zonesOutboundOpen'), 'zone')} set to enforce.`],
    [of('hostsWithoutZone') > 0, `In no zone, so observed only: ${amount(of('hostsWithoutZone'), 'host')}.`],
    [of('reachProofs') === 0, 'Nothing was tried between hosts in the period: what is blocked follows from their rules and from what their kernels refused, not from a test.'],
    [of('reachProofs') > 0, 'What was tried between hosts is policy tests and a sample, over TCP, by root; what depends on a user, a unit or another protocol was not tried.'],
    [of('reachContradictions') > 0, `Tried, and not as the policy says (reach_conclusions.csv): ${amount(of('reachContradictions'), 'connection')}.`],
    [of('reachNotProven') > 0, `To be tried, and not proven either way, each with its cause (reach_conclusions.csv): ${amount(of('reachNotProven'), 'connection')}.`],
  ];
  return [...found.flatMap(([holds, sentence]) => (holds ? [sentence] : [])), ...ALWAYS];
}

/** Of packs alone: a report by itself has no manifest. */
export const BOUND_BY_MANIFEST = 'The PDF is bound to the tables by the signed manifest only; its figures are not read back from it.';

const ALWAYS: readonly string[] = [
  'Hosts record about themselves: who has root on a host can have it say what is not so. Times of its events are by its own clock.',
  'A change of rules that was undone between two checks (every five minutes) is not seen; one that was found counts from five minutes before that.',
  'An hour of which no counter covers a part counts as not shown to be enforced as a whole.',
  'Names of hosts, labels and zones are those of the day on which the report was made; hosts that were removed from the workspace are not in it.',
  'Zones and rules are those of the newest pushed version, also where the period ended before it.',
  'Counters of rules are those of the last reading on each host, not of the period.',
  BOUND_BY_MANIFEST,
];
