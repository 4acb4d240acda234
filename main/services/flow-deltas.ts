import type { FlowVerdict } from '../../shared/model/flow.ts';
import type { Snapshot, SnapshotElement } from './parse-snapshot.ts';
import { RECORDING_SETS, type RecordingSet } from './snapshot-sets.ts';

export type Counter = { packets: number; owed: number; expiresAtMs: number };
/** What is known of a set's element from the snapshot before; undefined: nothing, so it counts from 0. */
export type FindBaseline = (set: string, key: string) => Counter | undefined;

/** Whether a containment refused what a miss set counted in an element. */
export type IsContained = (direction: RecordingSet['direction'], element: SnapshotElement) => boolean;

/** New connections of one element with one verdict; `connections` is positive. */
export type ElementDelta = { set: RecordingSet; element: SnapshotElement; verdict: FlowVerdict; connections: number };
export type NewBaseline = Counter & { set: string; key: string };
export type Deltas = { deltas: ElementDelta[]; baselines: NewBaseline[] };

/**
 * Sets are listed one after the other while traffic goes on, so that a refusal can be listed before the packet it belongs to. What is
 * refused beyond what was seen is owed, and taken off the next difference: else a blocked connection would be counted as accepted once.
 * Bounded, because a full set, which sends one of the two to the coarser set, would else owe more and more.
 */
const MAX_OWED = 16;

/**
 * Differences of a snapshot's cumulative counters to the baselines. A counter that went down was reset: its whole value is new.
 * What a miss set counts was refused in enforce mode, and by a containment in every mode; it would have been in test mode. Accepted is what was seen less what was refused; but what an
 * enforcing host refuses of what comes in, it has never counted as seen, so that a scan which fills the one set cannot make the other lie.
 * Every element of the snapshot has a new baseline; those that it does not name stay as they are.
 */
export function computeDeltas(snapshot: Pick<Snapshot, 'sets'>, mode: string | null, find: FindBaseline, isContained: IsContained = () => false): Deltas {
  const result: Deltas = { deltas: [], baselines: [] };
  const usually: FlowVerdict = mode === 'enforce' || mode === 'failsafe' ? 'blocked' : mode === 'test' ? 'would-block' : 'accepted';
  for (const set of RECORDING_SETS) {
    const seen = new Map((snapshot.sets.get(set.name) ?? []).map((e) => [e.key, e]));
    const refused = new Map((set.refusals === null ? [] : (snapshot.sets.get(set.refusals) ?? [])).map((e) => [e.key, e]));
    for (const key of new Set([...seen.keys(), ...refused.keys()])) {
      const pair = { seen: seen.get(key), refused: refused.get(key), isApart: mode === 'enforce' && set.direction === 'in' };
      addElement(result, set, pair, pair.refused !== undefined && isContained(set.direction, pair.refused) ? 'blocked' : usually, find);
    }
  }
  return result;
}

function addElement(
  result: Deltas,
  set: RecordingSet,
  pair: { seen: SnapshotElement | undefined; refused: SnapshotElement | undefined; isApart: boolean },
  refusedAs: FlowVerdict,
  find: FindBaseline,
): void {
  const element = pair.seen ?? pair.refused;
  if (element === undefined) return;
  const before = find(set.name, element.key);
  const seen = pair.seen === undefined ? 0 : difference(pair.seen.packets, before);
  const refused = pair.refused === undefined || set.refusals === null ? 0 : difference(pair.refused.packets, find(set.refusals, element.key));
  const owedBefore = pair.isApart ? 0 : (before?.owed ?? 0);
  const seenOfRefused = pair.isApart ? 0 : refused;
  const accepted = Math.max(0, seen - seenOfRefused - owedBefore);
  const owed = Math.min(MAX_OWED, Math.max(0, seenOfRefused + owedBefore - seen));
  if (accepted > 0) result.deltas.push({ set, element, verdict: 'accepted', connections: accepted });
  if (refused > 0) result.deltas.push({ set, element: pair.refused ?? element, verdict: refusedAs, connections: refused });
  result.baselines.push({ set: set.name, key: element.key, packets: pair.seen?.packets ?? before?.packets ?? 0, owed, expiresAtMs: element.expiresAtMs });
  if (pair.refused !== undefined && set.refusals !== null) {
    result.baselines.push({ set: set.refusals, key: element.key, packets: pair.refused.packets, owed: 0, expiresAtMs: pair.refused.expiresAtMs });
  }
}

const difference = (packets: number, before: Counter | undefined): number =>
  before === undefined || packets < before.packets ? packets : packets - before.packets;
