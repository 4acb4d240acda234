import type { MatrixCellDetail, MatrixCellQuery, MatrixEnd, MatrixPermit, MatrixView } from '../../shared/contract/reach-views.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Rule, ZoneMode } from '../../shared/model/policy.ts';
import { describeRuleShort } from '../../shared/policy/describe.ts';
import { describeReason } from '../../shared/policy/reach/reach-words.ts';
import type { ReachIndex } from '../../shared/policy/reach/reach-index.ts';
import type { Permit } from '../../shared/policy/reach/zone-permits.ts';
import type { BackendContext } from './backend-context.ts';
import { policyAsSent } from './plan-impact.ts';
import { readFlatMap } from './map-flat.ts';
import { createSeenBook, listSeenServices, sumSeen } from './matrix-seen.ts';
import { createPermitBook, type PermitBook } from './matrix-permits.ts';
import { listReachNotes } from './reach-notes.ts';
import { readReachIndexes, type ReachIndexes } from './reach-indexes.ts';

const NAMED_SERVICES = 3;
const ANY: MatrixEnd = { key: 'any', kind: 'any', name: 'Any', hosts: 0, mode: null, draftMode: null };

/** Each zone with each: what was seen since then (null: ever), and what the live policy and the draft let pass. */
export function readMatrix(ctx: BackendContext, sinceMs: number | null): MatrixView {
  const indexes = readReachIndexes(ctx);
  const [ends, permits, seen] = [listEnds(indexes), readPermitBooks(ctx), createSeenBook(readFlatMap(ctx, sinceMs))];
  const cells = ends.flatMap((from) =>
    ends.map((to) => ({ from: from.key, to: to.key, seen: sumSeen(seen.edgesOf(from.key, to.key)), live: toPermit(permits.live.of(from.key, to.key)), draft: toPermit(permits.draft.of(from.key, to.key)) })),
  );
  return { ends, cells, notes: listReachNotes(indexes, 'live') };
}

/** Everything behind one cell. @throws NOT_FOUND for a key that the matrix does not have */
export function readMatrixCell(ctx: BackendContext, { from, to, sinceMs }: MatrixCellQuery): MatrixCellDetail {
  const indexes = readReachIndexes(ctx);
  const ends = listEnds(indexes);
  const endOf = (key: string): MatrixEnd => {
    const end = ends.find((one) => one.key === key);
    if (end === undefined) throw new FirebreakError('NOT_FOUND', { what: 'zone', name: key.replace(/^zone:/, ''), known: ends.map(({ name }) => name) });
    return end;
  };
  const books = readPermitBooks(ctx);
  const [live, draft] = [books.live.of(from, to), books.draft.of(from, to)];
  const seen = createSeenBook(readFlatMap(ctx, sinceMs)).edgesOf(from, to);
  const ids = new Set([...live.services, ...draft.services].flatMap(({ rules }) => rules));
  return { from: endOf(from), to: endOf(to), seen: listSeenServices(seen), live: toDetail(live), draft: toDetail(draft), rules: describeRules(ctx, indexes, ids) };
}

function listEnds({ compiled, applied, draft }: ReachIndexes): MatrixEnd[] {
  const members = compiled.fleet.map((host) => ({ zone: compiled.zones.get(host.id)?.zone?.name ?? null, mode: applied.get(host.id)?.mode ?? null }));
  const about = (zone: string | null): Pick<MatrixEnd, 'hosts' | 'mode'> => {
    const own = members.filter((member) => member.zone === zone);
    const modes = new Set<ZoneMode | null>(own.map(({ mode }) => mode));
    const [mode = null] = modes;
    return { hosts: own.length, mode: modes.size === 1 ? mode : null };
  };
  const zones = compiled.policy.zones.map(({ name, mode }): MatrixEnd => ({ key: `zone:${name}`, kind: 'zone', name, ...about(name), draftMode: mode }));
  const outside = draft().parties.filter(({ host }) => host === null).length;
  return [{ ...ANY, hosts: compiled.fleet.length }, ...zones, { key: 'unzoned', kind: 'unzoned', name: 'No zone', ...about(null), draftMode: null }, { key: 'outside', kind: 'outside', name: 'Outside', hosts: outside, mode: null, draftMode: null }];
}

const books = new WeakMap<ReachIndexes, { readonly live: PermitBook; readonly draft: PermitBook }>();

function readPermitBooks(ctx: BackendContext): { readonly live: PermitBook; readonly draft: PermitBook } {
  const indexes = readReachIndexes(ctx);
  const known = books.get(indexes);
  if (known) return known;
  const keyOf = ({ host }: ReachIndex['parties'][number]) => {
    const zone = host === null ? null : (indexes.compiled.zones.get(host.id)?.zone?.name ?? null);
    return host === null ? 'outside' : zone === null ? 'unzoned' : `zone:${zone}`;
  };
  const made = { live: createPermitBook(indexes.live(), keyOf), draft: createPermitBook(indexes.draft(), keyOf) };
  books.set(indexes, made);
  return made;
}

function toPermit({ kind, wouldBlock, services }: Permit): MatrixPermit {
  return { kind, wouldBlock, count: services.length, services: services.slice(0, NAMED_SERVICES).map(({ text }) => text), rules: new Set(services.flatMap(({ rules }) => rules)).size };
}

const toDetail = ({ kind, services }: Permit): MatrixCellDetail['live'] => ({
  kind,
  services: services.map(({ reasons, rules, ...rest }) => ({ ...rest, rules: [...rules], reasons: [...new Set(reasons.map((reason) => describeReason(reason)))] })),
});

/** Rules that only some host still runs are told as its version has them. */
function describeRules(ctx: BackendContext, { compiled, applied }: ReachIndexes, ids: ReadonlySet<string>): MatrixCellDetail['rules'] {
  const drafted = new Map<string, Rule>(compiled.written.rules.map((rule) => [rule.id, rule]));
  const versions = [...new Set([...applied.values()].flatMap(({ version }) => version ?? []))];
  const older = new Map<string, Rule>([...ids].every((id) => drafted.has(id)) ? [] : versions.flatMap((version) => policyAsSent(ctx, version, compiled.fleet).rules.map((rule): [string, Rule] => [rule.id, rule])));
  return [...ids].toSorted().map((id) => {
    const rule = drafted.get(id) ?? older.get(id);
    return { id, text: rule === undefined ? 'a containment' : describeRuleShort(rule), inDraft: drafted.has(id) };
  });
}
