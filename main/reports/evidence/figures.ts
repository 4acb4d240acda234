import type { Evidence } from './evidence-tables.ts';

/** One number of the report: `make.name` is the function that the manifest names. */
export type Figure = { readonly make: (evidence: Evidence) => number; readonly title: string; readonly unit: string };

const HOUR_MS = 3_600_000;
/** Beyond this the times of a host are worth a word; the same as the console's own limit. */
const TOLERATED_CLOCK_MS = 120_000;
const count = <Row>(rows: readonly Row[], isMeant: (row: Row) => boolean): number => rows.reduce((sum, row) => sum + (isMeant(row) ? 1 : 0), 0);
const sum = <Row>(rows: readonly Row[], of: (row: Row) => number): number => rows.reduce((total, row) => total + of(row), 0);
const within = ({ period }: Evidence, atMs: number): boolean => atMs >= period.fromMs && atMs < period.untilMs;

const hoursOfPeriod = ({ period }: Evidence) => Math.round((period.untilMs - period.fromMs) / HOUR_MS);
const hostsInScope = ({ sources }: Evidence) => count(sources.hosts, ({ managed }) => managed);
const hostsUnmanaged = ({ sources }: Evidence) => count(sources.hosts, ({ managed }) => !managed);
const hostsWithAgent = ({ derived }: Evidence) => count(derived.coverage, (row) => row.with_agent);
const hostsReporting = ({ derived }: Evidence) => count(derived.coverage, (row) => row.reporting);
const hostsWithoutZone = ({ sources }: Evidence) => count(sources.hosts, ({ managed, zone }) => managed && zone === '');
const hostsUnsigned = ({ sources }: Evidence) => count(sources.hosts, ({ carried }) => carried === 'unsigned');
const hostsByStick = ({ sources }: Evidence) => count(sources.hosts, ({ managed, carried }) => managed && carried !== '');
const hoursRecorded = ({ derived }: Evidence) => sum(derived.coverage, (row) => row.hours_recorded);
const hoursExpected = ({ derived }: Evidence) => sum(derived.coverage, (row) => row.hours_expected);
const packetsLost = ({ sources }: Evidence) => sum(sources.recording, (row) => row.packets_lost);
const gapSeconds = ({ sources }: Evidence) => sum(sources.recording, (row) => row.gap_seconds);
const hostsWithClockOff = ({ derived }: Evidence) => count(derived.coverage, ({ worst_clock_offset_ms: ms }) => ms !== null && Math.abs(ms) > TOLERATED_CLOCK_MS);
const unmanagedPeers = ({ sources }: Evidence) => sources.unmanaged_peers.length;
const otherFirewallsInPlay = ({ sources }: Evidence) => count(sources.other_firewalls, (row) => row.in_play);
const zonesInEnforce = ({ sources }: Evidence) => count(sources.zones, ({ mode }) => mode === 'enforce');
const zonesOnlySomeServices = ({ sources }: Evidence) => count(sources.zones, ({ mode, only_services: only }) => mode === 'enforce' && only !== '');
const zonesOutboundOpen = ({ sources }: Evidence) => count(sources.zones, ({ mode, outbound }) => mode === 'enforce' && outbound === 'open');
const zonesEnforcedThroughout = ({ derived }: Evidence) => count(derived.zone_enforcement, (row) => row.hosts > 0 && row.hosts === row.hosts_throughout);
const hostsEnforcedThroughout = ({ derived }: Evidence) => count(derived.enforcement, (row) => row.enforced_throughout);
const enforcementGaps = ({ derived }: Evidence) => sum(derived.zone_enforcement, (row) => (row.wanted_mode === 'enforce' ? row.gaps : 0));
const rules = ({ sources }: Evidence) => sources.rules.length;
const rulesWithoutOwner = ({ sources }: Evidence) => count(sources.rules, ({ owner }) => owner === '');
const rulesWithoutReason = ({ sources }: Evidence) => count(sources.rules, ({ reason }) => reason === '');
const rulesPastReview = ({ sources, period }: Evidence) => count(sources.rules, ({ review_on: on }) => on !== '' && Date.parse(on) < period.untilMs);
const rulesWithPackets = ({ derived }: Evidence) => count(derived.rule_use, (row) => row.packets > 0);
const pushes = ({ sources }: Evidence) => sources.pushes.length;
const pushesNotConfirmed = ({ sources }: Evidence) => count(sources.pushes, ({ outcome }) => outcome !== 'confirmed');
const policyChanges = ({ sources }: Evidence) => sources.changes.length;
const connectionsAccepted = ({ sources }: Evidence) => sum(sources.verdicts, (row) => (row.verdict === 'accepted' ? row.connections : 0));
const connectionsWouldBlock = ({ sources }: Evidence) => sum(sources.refused_flows, (row) => (row.verdict === 'would-block' ? row.connections : 0));
const connectionsBlocked = ({ sources }: Evidence) => sum(sources.refused_flows, (row) => (row.verdict === 'blocked' ? row.connections : 0));
const tamperings = (evidence: Evidence) => count(evidence.sources.integrity, ({ event, at }) => event === 'tampered' && within(evidence, at));
const hostsDrifted = ({ sources }: Evidence) => count(sources.hosts, ({ state }) => state === 'drifted');
const waivers = ({ sources }: Evidence) => sources.waivers.length;
const containments = ({ sources }: Evidence) => sources.containments.length;

const reachProofs = ({ sources }: Evidence) => sources.reach_proofs.length;
const reachTries = ({ sources }: Evidence) => count(sources.reach_tries, ({ untried }) => untried === '');
const reachAllowed = ({ derived }: Evidence) => count(derived.reach_conclusions, ({ conclusion }) => conclusion === 'allowed');
const reachBlocked = ({ derived }: Evidence) => count(derived.reach_conclusions, ({ conclusion }) => conclusion === 'blocked');
const reachContradictions = ({ derived }: Evidence) => count(derived.reach_conclusions, ({ conclusion }) => conclusion === 'contradicts');
const reachNotProven = ({ derived }: Evidence) => count(derived.reach_conclusions, ({ conclusion }) => conclusion === 'not-proven');
const zonePairsBlocked = ({ derived }: Evidence) => count(derived.reach_zones, (row) => row.from_zone !== '' && row.to_zone !== '' && row.from_zone !== row.to_zone && row.blocked > 0 && row.contradicts === 0);

/** In the order in which they are printed. */
export const FIGURES: readonly Figure[] = [
  { make: hoursOfPeriod, title: 'Length of the period', unit: 'hours' },
  { make: hostsInScope, title: 'Hosts in scope', unit: 'hosts' },
  { make: hostsUnmanaged, title: 'Hosts without management', unit: 'hosts' },
  { make: hostsWithAgent, title: 'Hosts with an agent', unit: 'hosts' },
  { make: hostsReporting, title: 'Hosts that gave data', unit: 'hosts' },
  { make: hostsWithoutZone, title: 'Hosts in no zone', unit: 'hosts' },
  { make: hostsUnsigned, title: 'Hosts known by a carried bundle that nobody signed', unit: 'hosts' },
  { make: hostsByStick, title: 'Hosts in scope that are reached by stick only', unit: 'hosts' },
  { make: hoursRecorded, title: 'Hours of data', unit: 'host hours' },
  { make: hoursExpected, title: 'Hours there would be without a gap', unit: 'host hours' },
  { make: packetsLost, title: 'Packets counted and not described', unit: 'packets' },
  { make: gapSeconds, title: 'Time that no counter covers, at most', unit: 'seconds' },
  { make: hostsWithClockOff, title: 'Hosts whose clock was off by more than two minutes', unit: 'hosts' },
  { make: unmanagedPeers, title: 'Unmanaged peers', unit: 'addresses' },
  { make: otherFirewallsInPlay, title: 'Other firewalls in play', unit: 'firewalls' },
  { make: zonesInEnforce, title: 'Zones set to enforce', unit: 'zones' },
  { make: zonesOnlySomeServices, title: 'Of those, zones that enforce only some services', unit: 'zones' },
  { make: zonesOutboundOpen, title: 'Of those, zones whose outbound is open', unit: 'zones' },
  { make: zonesEnforcedThroughout, title: 'Zones enforced throughout the period', unit: 'zones' },
  { make: hostsEnforcedThroughout, title: 'Hosts enforced throughout the period', unit: 'hosts' },
  { make: enforcementGaps, title: 'Gaps on hosts of zones set to enforce', unit: 'gaps' },
  { make: rules, title: 'Rules', unit: 'rules' },
  { make: rulesWithoutOwner, title: 'Rules without an owner', unit: 'rules' },
  { make: rulesWithoutReason, title: 'Rules without a reason', unit: 'rules' },
  { make: rulesPastReview, title: 'Rules past their review date', unit: 'rules' },
  { make: rulesWithPackets, title: 'Rules for which a kernel counted packets', unit: 'rules' },
  { make: pushes, title: 'Pushes and rollbacks', unit: 'pushes' },
  { make: pushesNotConfirmed, title: 'Of those not wholly confirmed', unit: 'pushes' },
  { make: policyChanges, title: 'Changes of the policy', unit: 'changes' },
  { make: connectionsAccepted, title: 'Connections accepted', unit: 'connections' },
  { make: connectionsWouldBlock, title: 'Connections that enforcing would have blocked', unit: 'connections' },
  { make: connectionsBlocked, title: 'Connections blocked', unit: 'connections' },
  { make: tamperings, title: 'Tamperings that hosts recorded', unit: 'events' },
  { make: hostsDrifted, title: 'Hosts read back with other rules than were confirmed', unit: 'hosts' },
  { make: waivers, title: 'Readiness checks waived', unit: 'waivers' },
  { make: reachProofs, title: 'Runs in which hosts tried connections to each other', unit: 'runs' },
  { make: reachTries, title: 'Connections that were tried', unit: 'connections' },
  { make: reachAllowed, title: 'Of all to be tried, proven allowed as policy says', unit: 'connections' },
  { make: reachBlocked, title: 'Of all to be tried, proven blocked as policy says', unit: 'connections' },
  { make: reachContradictions, title: 'Of all to be tried, against what policy says', unit: 'connections' },
  { make: reachNotProven, title: 'Of all to be tried, not proven either way', unit: 'connections' },
  { make: zonePairsBlocked, title: 'From one zone to another: something proven blocked, nothing against policy', unit: 'pairs of zones' },
  { make: containments, title: 'Containments', unit: 'containments' },
];

export type MadeFigure = { readonly id: string; readonly title: string; readonly unit: string; readonly value: number; readonly function: string };

/** Every figure by its function; `id` is the function's name. */
export const computeFigures = (evidence: Evidence): MadeFigure[] => FIGURES.map(({ make, title, unit }) => ({ id: make.name, title, unit, value: make(evidence), function: make.name }));
