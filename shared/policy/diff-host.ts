import type { z } from 'zod';
import type { HostDiffRow as HostDiffRowSchema } from '../model/diff.ts';
import type { ZoneMode } from '../model/policy.ts';
import { printRanges } from '../net/print-range.ts';
import { countAddresses, equalRanges, type RangeSet, subtractRanges } from '../net/range-set.ts';
import { describeAs, describeServedBy } from '../text/identity-text.ts';
import { printSchedule } from '../text/schedule-text.ts';
import { printUtc } from '../time/schedule-windows.ts';
import { compareRows, type RowChange } from './compare-rows.ts';
import type { ContainmentRow, Essential, HostRuleset, RuleRow } from './host-ruleset.ts';
import { isSame } from './merge-policy.ts';

type HostDiffRow = z.infer<typeof HostDiffRowSchema>;
type Effect = HostDiffRow['effect'];
type FormerOwner = (address: string) => string | null;

/**
 * Layer 2 of the plan: what changes on one host. `before` is null for a host that never got rules, which is the same as observing.
 * `effect` is that of the rules as they will be judged, also in test mode, where nothing is dropped yet. Empty when the host keeps what it has.
 * `formerOwner` names the host that an address left, so that people read why it leaves a rule.
 */
export function diffHostRulesets(before: HostRuleset | null, after: HostRuleset, formerOwner: FormerOwner = () => null): HostDiffRow[] {
  return [...diffMode(before, after), ...diffZone(before, after), ...diffOnly(before, after), ...diffEssential(before?.essential ?? null, after.essential), ...diffContainments(before?.containments ?? [], after.containments), ...diffRules(before, after, formerOwner), ...diffSpan(before, after)];
}

const STRICTNESS: Record<ZoneMode, number> = { observe: 0, test: 0, enforce: 1 };

function diffMode(before: HostRuleset | null, after: HostRuleset): HostDiffRow[] {
  const was = before?.mode ?? 'observe';
  if (before && was === after.mode) return [];
  const effect = effectOf(STRICTNESS[was], STRICTNESS[after.mode]);
  return [row('mode', 'none', before ? `${was} → ${after.mode}` : `no rules → ${after.mode}`, effect, null)];
}

function diffZone(before: HostRuleset | null, after: HostRuleset): HostDiffRow[] {
  const rows: HostDiffRow[] = [];
  const name = (zone: string | null) => zone ?? 'no zone';
  const was = before?.zone ?? null;
  if (was !== after.zone) rows.push(row('changed', 'none', `zone ${name(was)} → ${name(after.zone)}`, 'same', null));
  const isRestricted = (ruleset: HostRuleset | null) => (hasDefaultDeny(ruleset, 'out') ? 1 : 0);
  const [outWas, outIs] = [isRestricted(before), isRestricted(after)];
  if (outWas !== outIs)
    rows.push(row('changed', 'out', outIs ? 'outbound open → restricted to what rules allow' : 'outbound restricted → open', effectOf(outWas, outIs), null));
  return rows;
}

/** Fewer services that are refused by default is wider, whichever they are; another list is taken for wider. */
function diffOnly(before: HostRuleset | null, after: HostRuleset): HostDiffRow[] {
  const nameOf = (ruleset: HostRuleset | null) => ruleset?.only?.text ?? 'every service';
  if (!isJudged(before) || !isJudged(after) || nameOf(before) === nameOf(after)) return [];
  return [row('changed', 'none', `refused by default: ${nameOf(before)} → ${nameOf(after)}`, after.only ? 'widens' : 'tightens', null)];
}

/** Once a year the windows of schedules are listed anew; nothing else need have changed. */
function diffSpan(before: HostRuleset | null, after: HostRuleset): HostDiffRow[] {
  if (!before?.scheduleSpan || !after.scheduleSpan || before.scheduleSpan.toMs === after.scheduleSpan.toMs) return [];
  return [row('changed', 'none', `times of schedules listed until ${printUtc(before.scheduleSpan.toMs)} → ${printUtc(after.scheduleSpan.toMs)} UTC`, 'same', null)];
}

/** Numbers stand for strictness. */
const effectOf = (was: number, is: number): Effect => (is > was ? 'tightens' : is < was ? 'widens' : 'same');
const isJudged = (ruleset: HostRuleset | null): boolean => ruleset !== null && ruleset.mode !== 'observe';

function diffEssential(before: Essential | null, after: Essential): HostDiffRow[] {
  if (before && before.sshPort !== after.sshPort) {
    return [
      row('changed', 'in', `management: SSH port ${before.sshPort} → ${after.sshPort}`, 'same', null),
      ...diffServers({ ...before, sshPort: after.sshPort }, after),
    ];
  }
  return diffServers(before, after);
}

const diffServers = (before: Essential | null, after: Essential): HostDiffRow[] => [
  ...diffRanges('in', 'management: SSH from', before?.consoles ?? [], after.consoles),
  ...diffRanges('out', 'essential: resolver', before?.resolvers ?? [], after.resolvers),
  ...diffRanges('out', 'essential: time server', before?.timeServers ?? [], after.timeServers),
];

function diffRanges(direction: 'in' | 'out', text: string, before: RangeSet, after: RangeSet): HostDiffRow[] {
  if (equalRanges(before, after)) return [];
  const added = printRanges(subtractRanges(after, before)).map((range) => row('added', direction, `${text} ${range}`, 'widens', null));
  return [...added, ...printRanges(subtractRanges(before, after)).map((range) => row('removed', direction, `${text} ${range}`, 'tightens', null))];
}

/**
 * They hold in every mode, so that they tighten and widen in every mode. Compared by what they do on this host: an exempted host may have another address by now,
 * and their text tells of the pairs of other hosts too.
 */
function diffContainments(before: readonly ContainmentRow[], after: readonly ContainmentRow[]): HostDiffRow[] {
  const [was, is] = [new Map(before.map((one) => [one.id, one])), new Map(after.map((one) => [one.id, one]))];
  const direction = ({ kind }: ContainmentRow) => (kind === 'close-row' ? 'in' : 'none');
  const added = after.flatMap((one): HostDiffRow[] => {
    const former = was.get(one.id);
    if (former === undefined) return [row('added', direction(one), one.text, 'tightens', one.id)];
    return isSame({ ...former, text: '' }, { ...one, text: '' }) ? [] : [row('changed', direction(one), one.text, isStricter(former, one) ? 'tightens' : 'widens', one.id)];
  });
  return [...added, ...before.filter((one) => !is.has(one.id)).map((one) => row('removed', direction(one), one.text, 'widens', one.id))];
}

/** Longer, for somebody who was exempted, or about other services. */
function isStricter(was: ContainmentRow, is: ContainmentRow): boolean {
  const isLonger = is.endsAtMs > was.endsAtMs;
  if (was.kind === 'quarantine-row' || is.kind === 'quarantine-row') return isLonger;
  return isLonger || !isSame(was.services, is.services) || subtractRanges(was.except, is.except).length > 0;
}

function diffRules(before: HostRuleset | null, after: HostRuleset, formerOwner: FormerOwner): HostDiffRow[] {
  const pairs = [
    ...pairUp(before?.denyIn, after.denyIn, 'in'),
    ...pairUp(before?.allowIn, after.allowIn, 'in'),
    ...pairUp(before?.denyOut, after.denyOut, 'out'),
    ...pairUp(before?.allowOut, after.allowOut, 'out'),
  ];
  return pairs.flatMap(({ was, is, direction }) => {
    const change = nameLeft(compareRows(was, is), formerOwner);
    const shown = is ?? was;
    if (!shown || change.kind === 'same') return [];
    // Where everything passed before, an allow rule lets nothing more through, and it takes nothing away where everything will pass.
    const isMoot = shown.action === 'allow' && !(hasDefaultDeny(before, direction) && hasDefaultDeny(after, direction));
    const effect = isMoot ? 'same' : change.effect;
    return [row(change.kind, direction, describeRow(shown, direction, change), effect, shown.ruleId)];
  });
}

/** Only single addresses: of a network that goes, nobody left. */
function nameLeft(change: RowChange, formerOwner: FormerOwner): RowChange {
  const removed = change.removed.map((text) => {
    const owner = formerOwner(text);
    return owner === null ? text : `${text}, which left ${owner}`;
  });
  return { ...change, removed };
}

const hasDefaultDeny = (ruleset: HostRuleset | null, direction: 'in' | 'out'): boolean =>
  ruleset !== null && isJudged(ruleset) && (direction === 'in' || ruleset.outbound === 'restricted');

function pairUp(before: readonly RuleRow[] = [], after: readonly RuleRow[], direction: 'in' | 'out') {
  const old = new Map(before.map((one) => [one.ruleId, one]));
  const now = new Set(after.map((one) => one.ruleId));
  return [
    ...after.map((is) => ({ was: old.get(is.ruleId) ?? null, is, direction })),
    ...before.filter((was) => !now.has(was.ruleId)).map((was) => ({ was, is: null, direction })),
  ];
}

/** `allow role=web → tcp/5432 from 2 addresses (+10.0.0.8)` inbound, `allow tcp/443 → role=db to 1 address` outbound. */
function describeRow(shown: RuleRow, direction: 'in' | 'out', change: RowChange): string {
  const ends = direction === 'in' ? `${shown.peerText} → ${shown.serviceText}${describeServedBy(shown.as?.name ?? null)} from` : `${shown.serviceText} → ${shown.peerText}${describeAs(shown.as)} to`;
  const details = [...change.added.map((text) => `+${text}`), ...change.removed.map((text) => `−${text}`)];
  const more = details.length > 6 ? [...details.slice(0, 6), `… ${details.length - 6} more`] : details;
  return `${shown.action} ${ends} ${describePeers(shown)}${shown.schedule ? `, ${printSchedule(shown.schedule)}` : ''}${change.kind === 'changed' && more.length > 0 ? ` (${more.join(', ')})` : ''}`;
}

function describePeers(shown: RuleRow): string {
  if (shown.lanes.some((lane) => lane.peers.kind === 'any')) return 'anyone';
  const count = shown.lanes.reduce((sum, lane) => sum + (lane.peers.kind === 'in' ? countAddresses(lane.peers.ranges) : 0n), 0n);
  return `${count} ${count === 1n ? 'address' : 'addresses'}`;
}

const row = (change: HostDiffRow['change'], direction: HostDiffRow['direction'], text: string, effect: Effect, rule: string | null): HostDiffRow => ({
  change,
  direction,
  text,
  effect,
  rule,
});
