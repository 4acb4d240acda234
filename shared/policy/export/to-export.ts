import type { FleetHost } from '../../model/host.ts';
import type { HostId } from '../../model/ids.ts';
import type { Policy } from '../../model/policy.ts';
import { isNonEmpty } from '../../net/address-match.ts';
import { type Family, getAddress } from '../../net/address.ts';
import { singleRange, toRangeSet } from '../../net/range-set.ts';
import { printUtc } from '../../time/schedule-windows.ts';
import { compileFleet } from '../compile.ts';
import type { ContainmentRow, HostRuleset, RuleRow } from '../host-ruleset.ts';
import { type Abilities, hostObstacle, rowObstacle } from './abilities.ts';
import type { ExportEntry, ExportGroup, ExportHost, ExportInput, ExportSide, Meaning, Refusal } from './export-form.ts';
import { entriesOfContainment, entriesOfRow, lockedEntries, sparedEntries } from './list-entries.ts';
import { type GroupDraft, keepSelectable, mergeFamilies } from './group-by-labels.ts';
import { createRefusalBook, type RefusalBook } from './refusal-book.ts';

export type ExportScope = { readonly chosen: ReadonlySet<HostId>; readonly nowMs: number; readonly abilities: Abilities };

/**
 * The compiled rulesets of the chosen hosts, as if each had an agent, cut to what the target can say. `hosts` is the whole fleet. Groups are in the order of
 * their first host; a host that is neither judged nor contained is in none, and a note says so. @throws INPUT_INVALID as compileFleet
 */
export function toExport(policy: Policy, hosts: readonly FleetHost[], { chosen, nowMs, abilities }: ExportScope): Omit<ExportInput, 'stamp'> {
  const rulesets = compileFleet(policy, hosts.map((host) => ({ ...host, managed: chosen.has(host.id) })), { nowMs });
  const book = createRefusalBook();
  const met = new Set<RuleRow>();
  const [free, leftOut]: [FleetHost[], FleetHost[]] = [[], []];
  const groups = new Map<string, GroupDraft>();
  const rows = createNumbers();
  for (const host of hosts.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const ruleset = rulesets.get(host.id);
    if (!ruleset) continue;
    if (ruleset.mode === 'observe' && ruleset.containments.length === 0 && !abilities.isOnHost) {
      free.push(host);
      continue;
    }
    const addresses = toRangeSet(host.addresses.map((text) => singleRange(getAddress(text))));
    const obstacle = addresses.length === 0 ? 'no address of it is known, so that nothing can stand for it' : hostObstacle(ruleset, abilities);
    if (obstacle !== null) {
      book.add({ rule: null, direction: null, effect: 'opens', why: obstacle }, host.name);
      leftOut.push(host);
      continue;
    }
    const families = ([4, 6] as const).filter((family) => abilities.isOnHost || addresses.some((range) => range.family === family));
    const member: ExportHost = { name: host.name, zone: ruleset.zone, labels: host.labels, addresses };
    const sides = toSides({ ruleset, families, abilities, book });
    // Nothing but a containment that cannot be said there.
    if (isFree(sides.in) && isFree(sides.out) && !abilities.isOnHost) {
      free.push(host);
      continue;
    }
    const unjudged = abilities.blindSpot?.(host, ruleset) ?? null;
    if (unjudged !== null) book.add({ rule: null, direction: 'out', effect: 'opens', why: unjudged }, host.name);
    const own = [...ruleset.denyIn, ...ruleset.allowIn, ...ruleset.denyOut, ...ruleset.allowOut];
    for (const row of own) met.add(row);
    const key = `${families.join()} ${groupKey(ruleset, rows)}`;
    const known = groups.get(key);
    if (known) known.hosts.push(member);
    else groups.set(key, { hosts: [member], alike: alikeKey(ruleset), mode: ruleset.mode, peerTexts: new Set(own.map(({ peerText }) => peerText)), ...sides });
  }
  const drafts = abilities.byLabels ? keepSelectable(mergeFamilies([...groups.values()]), [...free, ...leftOut], book) : [...groups.values()];
  const whole = drafts.filter(({ hosts: members }) => members.length > 0).flatMap(finishGroup).filter((group) => isWritable(group, abilities, book));
  return {
    groups: whole,
    meanings: listMeanings(met),
    refusals: book.list(),
    notes: [...noteFree(free.map(({ name }) => name)), ...(abilities.isOnHost ? noteShut(whole) : []), ...noteSchedules(rulesets.values(), abilities)],
  };
}

const noteFree = (names: readonly string[]): string[] => (names.length === 0 ? [] : [`Not judged, so that everything passes (in no zone, or in one that observes): ${names.join(', ')}.`]);

/** Whoever loads them over SSH may have shut the way in behind himself. */
function noteShut(groups: readonly ExportGroup[]): string[] {
  const names = groups.flatMap(({ mode, hosts, in: { locked, otherwise } }) => (mode === 'enforce' && otherwise.kind === 'refuse' && !locked.some(({ id }) => id === 'management') ? hosts.map(({ name }) => name) : []));
  return names.length === 0 ? [] : [`No console is on record, so that SSH gets in only where a rule says so: ${names.join(', ')}.`];
}

function noteSchedules(rulesets: Iterable<HostRuleset>, { schedules }: Abilities): string[] {
  const ends = [...rulesets].flatMap(({ scheduleSpan }) => (scheduleSpan === null ? [] : [scheduleSpan.toMs]));
  return ends.length === 0 || !schedules ? [] : [`Schedules are listed as times until ${printUtc(Math.min(...ends))} UTC; afterwards no rule with a schedule holds. Export anew before.`];
}

function isWritable(group: ExportGroup, { groupObstacle }: Abilities, book: RefusalBook): boolean {
  const why = groupObstacle?.(group) ?? null;
  if (why !== null) for (const { name } of group.hosts) book.add({ rule: null, direction: null, effect: 'opens', why }, name);
  return why === null;
}

function finishGroup({ hosts, mode, peerTexts, in: into, out }: GroupDraft, i: number): ExportGroup[] {
  const addresses = toRangeSet(hosts.flatMap((host) => host.addresses));
  return isNonEmpty(hosts) && isNonEmpty(addresses) ? [{ number: i + 1, hosts, addresses, mode, peerTexts, in: into, out }] : [];
}

const isFree = ({ otherwise, deny, quarantine, closed }: ExportSide): boolean => otherwise.kind === 'pass' && deny.length + quarantine.length + closed.length === 0;

/** What of one ruleset the target can say; the rest is in the book. */
export const toSides = (about: Side): { readonly in: ExportSide; readonly out: ExportSide } => ({ in: toSide(about, 'in'), out: toSide(about, 'out') });

type Side = { readonly ruleset: HostRuleset; readonly families: readonly Family[]; readonly abilities: Abilities; readonly book: RefusalBook };

function toSide(about: Side, direction: 'in' | 'out'): ExportSide {
  const { ruleset, families, abilities, book } = about;
  const { mode, outbound, essential, scheduleSpan, hostName } = ruleset;
  const isJudged = mode !== 'observe';
  const inFamily = ({ family }: ExportEntry) => families.includes(family);
  const entries = (rows: readonly RuleRow[]) =>
    rows.flatMap((row) => {
      const named: Pick<Refusal, 'rule' | 'direction' | 'effect'> = { rule: row.ruleId, direction, effect: row.action === 'deny' ? 'opens' : 'breaks' };
      const obstacle = rowObstacle(row, abilities);
      if (obstacle !== null) {
        book.add({ ...named, why: obstacle }, hostName);
        return [];
      }
      return entriesOfRow(row, scheduleSpan).filter(inFamily).filter((entry) => {
        const why = abilities.obstacle(entry, { direction, action: row.action, essential });
        if (why !== null) book.add({ ...named, why }, hostName);
        return why === null;
      });
    });
  const isOpen = direction === 'out' && outbound === 'open';
  return {
    ...containedEntries(about, direction),
    locked: isJudged || abilities.isOnHost ? lockedEntries(direction, essential).filter(inFamily) : [],
    deny: entries(direction === 'in' ? ruleset.denyIn : ruleset.denyOut),
    allow: entries(direction === 'in' ? ruleset.allowIn : ruleset.allowOut),
    otherwise: !isJudged || isOpen ? { kind: 'pass' } : { kind: 'refuse', only: ruleset.only?.services.kind === 'some' ? ruleset.only.services.terms : null },
    // As hosts do it: where only some services are refused, what is invalid is judged by its service like everything else.
    dropsInvalid: mode === 'enforce' && !isOpen && ruleset.only === null,
  };
}

function containedEntries({ ruleset, families, abilities, book }: Side, direction: 'in' | 'out'): Pick<ExportSide, 'spared' | 'quarantine' | 'closed'> {
  const { containments, essential, hostName } = ruleset;
  const inFamily = ({ family }: ExportEntry) => families.includes(family);
  const own = containments.filter((row) => row.kind === 'quarantine-row' || direction === 'in').filter((row) => {
    const why = containmentObstacle(row, { direction, action: 'deny', essential }, abilities);
    if (why !== null) book.add({ rule: row.id, direction, effect: 'opens', why }, hostName);
    return why === null;
  });
  const ofKind = (kind: 'quarantine-row' | 'close-row') => own.filter((row) => row.kind === kind).flatMap(entriesOfContainment).filter(inFamily);
  return { spared: own.length === 0 ? [] : sparedEntries(direction, essential).filter(inFamily), quarantine: ofKind('quarantine-row'), closed: direction === 'in' ? ofKind('close-row') : [] };
}

function containmentObstacle(row: ContainmentRow, place: Parameters<Abilities['obstacle']>[1], abilities: Abilities): string | null {
  if (!abilities.containments) return 'it cuts live connections and ends by itself, and neither can be done there';
  if (row.endsAtMs >= abilities.endsBeforeMs) return 'it ends too late to be written there';
  return entriesOfContainment(row).map((entry) => abilities.obstacle(entry, place)).find((why) => why !== null) ?? null;
}

/** Whom each text of a rule stood for, by text. `rows` are shared by the hosts that have them, so that each is looked at once. */
function listMeanings(rows: ReadonlySet<RuleRow>): Meaning[] {
  const ranges = [...rows].flatMap(({ peerText, lanes }) => lanes.flatMap(({ peers }) => (peers.kind === 'in' ? [{ peerText, ranges: peers.ranges }] : [])));
  const byText = Map.groupBy(ranges, ({ peerText }) => peerText);
  return [...byText].map(([text, all]) => ({ text, addresses: toRangeSet(all.flatMap((one) => [...one.ranges])) })).sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** Equal for hosts that are judged alike. Rows are shared by the hosts that have them, so that their own numbers stand for them. */
function groupKey({ mode, outbound, only, essential, containments, scheduleSpan, denyIn, allowIn, denyOut, allowOut }: HostRuleset, numberOf: (row: object) => number): string {
  return printKey([mode, outbound, only, essential, containments, scheduleSpan, ...[denyIn, allowIn, denyOut, allowOut].map((rows) => rows.map(numberOf))]);
}

/** The same, but for the families that rules have on a host. */
const alikeKey = ({ mode, outbound, only, essential, containments, denyIn, allowIn, denyOut, allowOut }: HostRuleset): string =>
  printKey([mode, outbound, only, essential, containments, ...[denyIn, allowIn, denyOut, allowOut].map((rows) => rows.map(({ ruleId }) => ruleId))]);

const printKey = (parts: readonly unknown[]): string => JSON.stringify(parts, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

function createNumbers(): (row: object) => number {
  const numbers = new Map<object, number>();
  return (row) => {
    const number = numbers.get(row) ?? numbers.size;
    numbers.set(row, number);
    return number;
  };
}
