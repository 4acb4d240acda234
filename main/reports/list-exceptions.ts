import type { Evidence } from './evidence/evidence-tables.ts';

/** Anything that is not as the rule is: `from` and `until` are epoch ms, null where it has no such time. */
export type Exception = { readonly sort: string; readonly subject: string; readonly from: number | null; readonly until: number | null; readonly by: string; readonly reason: string };

const ALWAYS = { from: null, until: null, by: '' } as const;
const reviewAt = (on: string): number => (on === '' ? Number.POSITIVE_INFINITY : Date.parse(on));

/** Gaps on hosts of zones set to enforce; of other zones they are no failure. */
export function listGaps({ zone_enforcement: zones, enforcement_gaps: gaps }: Evidence['derived']): Evidence['derived']['enforcement_gaps'] {
  const wanted = new Set(zones.filter((row) => row.wanted_mode === 'enforce').map(({ zone }) => zone));
  return gaps.filter(({ zone }) => wanted.has(zone));
}

/** Everything of kind “exceptions” as one list, sort by sort. */
export function listExceptions({ sources, derived, period }: Evidence): Exception[] {
  return [
    ...sources.waivers.map(({ at, zone, mode, check, actor, reason }) => ({ sort: 'waiver', subject: `${zone} → ${mode}: ${check}`, from: at, until: null, by: actor, reason })),
    ...sources.containments.map((row) => ({ sort: 'containment', subject: row.text, from: row.starts_at, until: row.ends_at, by: row.actor, reason: row.reason })),
    ...sources.zones.filter(({ mode, outbound }) => mode === 'enforce' && outbound === 'open').map(({ zone }) => ({ sort: 'outbound-open', subject: zone, ...ALWAYS, reason: 'outbound is open: only inbound and deny rules are enforced' })),
    ...sources.zones.filter(({ mode, only_services: only }) => mode === 'enforce' && only !== '').map(({ zone, only_services: only }) => ({ sort: 'some-services', subject: zone, ...ALWAYS, reason: `only these services are enforced: ${only}` })),
    ...sources.hosts.filter(({ managed, zone }) => managed && zone === '').map(({ host }) => ({ sort: 'no-zone', subject: host, ...ALWAYS, reason: 'no zone selects it: it is observed only' })),
    ...sources.rules.filter(({ owner }) => owner === '').map(({ rule }) => ({ sort: 'rule-without-owner', subject: rule, ...ALWAYS, reason: 'no owner' })),
    ...sources.rules.filter(({ reason }) => reason === '').map(({ rule, owner }) => ({ sort: 'rule-without-reason', subject: rule, ...ALWAYS, by: owner, reason: 'no reason' })),
    ...sources.rules.filter(({ review_on: on }) => reviewAt(on) < period.untilMs).map(({ rule, owner, review_on: on }) => ({ sort: 'rule-past-review', subject: rule, from: reviewAt(on), until: null, by: owner, reason: `review was due on ${on}` })),
    ...listGaps(derived).map(({ host, zone, from, until, cause }) => ({ sort: 'gap', subject: `${host} in ${zone}`, from, until, by: '', reason: cause })),
    ...sources.unmanaged_peers.map((row) => ({ sort: 'unknown-peer', subject: row.address, from: null, until: row.last_hour, by: '', reason: `${row.connections} connections; no host and no IP list explains it` })),
    ...sources.other_firewalls.filter(({ in_play: inPlay }) => inPlay).map(({ host, firewall, state }) => ({ sort: 'other-firewall', subject: host, ...ALWAYS, reason: `${firewall}: ${state}` })),
  ];
}
