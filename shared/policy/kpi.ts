import type { HostId } from '../model/ids.ts';
import type { Kpi } from '../model/kpi.ts';
import { countText, percentText } from '../text/amount-text.ts';
import { foldKpiFlows, type KpiConversation, type KpiFlow } from './kpi-flows.ts';

/** One managed host. Times are epoch ms. */
export type KpiHost = {
  readonly id: HostId;
  /** Since when it runs enforce without a break, as it confirmed; null: it does not. */
  readonly enforcedSinceMs: number | null;
  /** Of one CPU, over the agent's last day; null: not measured. */
  readonly cpuPercent: number | null;
};

export type KpiEvidence = {
  readonly nowMs: number;
  readonly days: number;
  readonly hosts: readonly KpiHost[];
  /** Seen in the period; what a router passed on is not among them, since it is not judged. */
  readonly flows: Iterable<KpiFlow>;
  /** Rules added, changed and removed by the versions of the period; null: nothing was pushed yet. */
  readonly ruleChanges: number | null;
};

const HOUR_MS = 3_600_000;
const DAYS_A_MONTH = 30;

/** Every KPI, in the order in which they are shown. Both ends of a conversation count where both report it. */
export const computeKpis = ({ flows, ...rest }: KpiEvidence): Kpi[] => computeKpisOf(rest, foldKpiFlows(flows));

/** The same of flows that were folded already. */
export function computeKpisOf(evidence: Omit<KpiEvidence, 'flows'>, flows: readonly KpiConversation[]): Kpi[] {
  return [
    coverageOfHosts(evidence.hosts),
    coverageOfFlows(evidence.hosts, flows),
    policyAccuracy(flows),
    falsePositiveRate(flows),
    timeToBlock(evidence.hosts, flows),
    timeToPolicy(flows),
    lateralBlocked(flows),
    ruleChanges(evidence),
    overhead(evidence.hosts),
  ];
}

/** hosts that run enforce ÷ managed hosts × 100. By what hosts confirmed, never by what the draft wants. */
function coverageOfHosts(hosts: readonly KpiHost[]): Kpi {
  const enforcing = hosts.filter((host) => host.enforcedSinceMs !== null).length;
  return share('coverage-hosts', 'Coverage, hosts', enforcing, hosts.length, 'hosts that run enforce, as they confirmed it ÷ all managed hosts', { empty: 'there is no managed host' });
}

/** flows reported by hosts that run enforce now ÷ flows of the period × 100. */
function coverageOfFlows(hosts: readonly KpiHost[], flows: readonly KpiConversation[]): Kpi {
  const enforcing = new Set(hosts.filter((host) => host.enforcedSinceMs !== null).map((host) => host.id));
  const covered = flows.filter((flow) => enforcing.has(flow.reporter)).length;
  return share('coverage-flows', 'Coverage, flows', covered, flows.length, 'distinct flows of the period at hosts that run enforce now ÷ all distinct flows of the period', { empty: NO_FLOWS });
}

/** flows that a rule of the draft allows or denies ÷ (flows − those of the essential block − those whose verdict cannot be known) × 100. */
function policyAccuracy(flows: readonly KpiConversation[]): Kpi {
  const unknown = flows.filter((flow) => flow.decidedBy === 'unknown').length;
  const counted = flows.filter((flow) => flow.decidedBy === 'rule' || flow.decidedBy === 'none');
  const decided = counted.filter((flow) => flow.decidedBy === 'rule').length;
  const formula = 'distinct flows of the period that a rule of the draft allows or denies ÷ those and the ones that only a zone’s default decides; essential ones count in neither';
  return share('policy-accuracy', 'Policy accuracy', decided, counted.length, formula, { empty: NO_FLOWS, limits: unknown === 0 ? '' : `left out: ${countText(unknown, 'flow')} of which it cannot be known what decides them` });
}

/** refused flows that a rule pushed or drafted later allows ÷ refused flows × 100, where refused is would-block or blocked. */
function falsePositiveRate(flows: readonly KpiConversation[]): Kpi {
  const refused = flows.filter((flow) => firstRefusedAtMs(flow) !== null);
  const allowedLater = refused.filter((flow) => flow.decidedBy === 'rule' && flow.isAllowed && (flow.rulePushedAtMs === null || flow.rulePushedAtMs > (firstRefusedAtMs(flow) ?? 0))).length;
  return share('false-positive-rate', 'False-positive rate', allowedLater, refused.length, 'distinct would-block and blocked flows that a rule pushed or drafted after their first refusal allows ÷ all distinct would-block and blocked flows', {
    empty: 'nothing was refused, or would have been, in the period',
  });
}

/** median over flows that were would-block first and that the draft does not allow, at hosts that run enforce: start of enforce − first would-block, in hours. */
function timeToBlock(hosts: readonly KpiHost[], flows: readonly KpiConversation[]): Kpi {
  const since = new Map(hosts.map((host) => [host.id, host.enforcedSinceMs]));
  const waits = flows.flatMap((flow) => {
    const enforcedMs = since.get(flow.reporter) ?? null;
    const isDenied = flow.decidedBy !== 'unknown' && !flow.isAllowed;
    return !isDenied || enforcedMs === null || flow.firstWouldBlockAtMs === null || flow.firstWouldBlockAtMs > enforcedMs ? [] : [enforcedMs - flow.firstWouldBlockAtMs];
  });
  return hours('time-to-block', 'Time to block', median(waits), waits.length, 'median, over flows that the draft refuses at hosts that enforce, of: start of enforce there − first time as would-block', 'no flow was would-block first and is refused by a host that enforces now');
}

/** mean over flows that a pushed rule decides: max(0, first push of the rule − first seen), in hours. */
function timeToPolicy(flows: readonly KpiConversation[]): Kpi {
  const waits = flows.flatMap((flow) => (flow.decidedBy !== 'rule' || flow.rulePushedAtMs === null ? [] : [Math.max(0, flow.rulePushedAtMs - flow.firstSeenAtMs)]));
  const mean = waits.length === 0 ? null : waits.reduce((sum, wait) => sum + wait, 0) / waits.length;
  return hours('time-to-policy', 'Mean time to policy', mean, waits.length, 'mean, over flows that a pushed rule decides, of: first version with that rule − first time that the flow was seen; 0 where the rule was there first', 'no flow of the period is decided by a rule that was pushed');
}

/** sum of blocked connections whose peer is a host of the inventory. Retries of one client count each. */
function lateralBlocked(flows: readonly KpiConversation[]): Kpi {
  const lateral = flows.filter((flow) => flow.isEastWest && flow.connectionsBlocked > 0);
  const value = lateral.reduce((sum, flow) => sum + flow.connectionsBlocked, 0);
  const formula = 'blocked connections of the period whose other end is a host of the inventory; retries count each';
  return { id: 'lateral-blocked', title: 'Blocked lateral attempts', value, unit: 'connections', text: `${countText(value, 'connection')} in ${countText(lateral.length, 'flow')}`, formula, limits: 'whether they were attacks is not known' };
}

/** rules added, changed and removed by pushed versions ÷ days of the period × 30. */
function ruleChanges({ ruleChanges: changes, days }: Pick<KpiEvidence, 'ruleChanges' | 'days'>): Kpi {
  const formula = 'rules added, changed and removed by the versions of the period ÷ its days × 30';
  const kpi = { id: 'rule-changes', title: 'Rule changes a month', unit: 'changes', formula } as const;
  if (changes === null) return { ...kpi, value: null, text: NOT_KNOWN, limits: 'nothing was pushed yet' };
  const value = (changes / days) * DAYS_A_MONTH;
  return { ...kpi, value, text: `${Number(value.toFixed(1))} (${changes} in ${countText(days, 'day')})`, limits: 'edits of the draft that were never pushed are not counted' };
}

/** mean of the CPU share of the agent over hosts that measured it; of one CPU, over each agent's last day. */
function overhead(hosts: readonly KpiHost[]): Kpi {
  const measured = hosts.flatMap((host) => (host.cpuPercent === null ? [] : [host.cpuPercent]));
  const formula = 'mean, over hosts that measured it, of: CPU time of the agent’s runs in its last day ÷ that day, of one CPU';
  const kpi = { id: 'overhead', title: 'Overhead', unit: 'percent', formula } as const;
  const unmeasured = hosts.length - measured.length;
  if (measured.length === 0) return { ...kpi, value: null, text: NOT_KNOWN, limits: 'no host has told what its agent takes' };
  const value = measured.reduce((sum, percent) => sum + percent, 0) / measured.length;
  return { ...kpi, value, text: `${percentText(value)} (at most ${percentText(Math.max(...measured))}, ${countText(measured.length, 'host')})`, limits: unmeasured === 0 ? '' : `${countText(unmeasured, 'managed host')} told nothing` };
}

const NOT_KNOWN = 'not known';
const NO_FLOWS = 'no flow was seen in the period';

const firstRefusedAtMs = ({ firstWouldBlockAtMs: a, firstBlockedAtMs: b }: KpiConversation): number | null => (a === null ? b : b === null ? a : Math.min(a, b));

function share(id: Kpi['id'], title: string, part: number, whole: number, formula: string, { empty, limits = '' }: { empty: string; limits?: string }): Kpi {
  if (whole === 0) return { id, title, value: null, unit: 'percent', text: NOT_KNOWN, formula, limits: limits === '' ? empty : `${empty}; ${limits}` };
  const value = (part / whole) * 100;
  return { id, title, value, unit: 'percent', text: `${percentText(value)} (${part.toLocaleString('en')} of ${whole.toLocaleString('en')})`, formula, limits };
}

function hours(id: Kpi['id'], title: string, valueMs: number | null, flows: number, formula: string, empty: string): Kpi {
  if (valueMs === null) return { id, title, value: null, unit: 'hours', text: NOT_KNOWN, formula, limits: empty };
  const value = valueMs / HOUR_MS;
  return { id, title, value, unit: 'hours', text: `${Number(value.toFixed(1))} hours (${countText(flows, 'flow')})`, formula, limits: '' };
}

/** The middle one, or the mean of the two in the middle; null without any. */
function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}
