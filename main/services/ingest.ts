import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import {
  baselineKey,
  dropBaselines,
  dropCursor,
  dropExpiredBaselines,
  findCursor,
  listBaselines,
  saveBaseline,
  saveCursor,
  type DrainCursor,
} from '../db/baseline-store.ts';
import { listBundleHeads } from '../db/bundle-store.ts';
import { addToFlow, countFlows } from '../db/flow-store.ts';
import { findFacts } from '../db/host-state-store.ts';
import { addFigure, type Figure } from '../db/recording-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { computeDeltas, type ElementDelta } from './flow-deltas.ts';
import { findListener, unitOfCgroup } from './flow-identity.ts';
import { parseSnapshot, type Snapshot } from './parse-snapshot.ts';
import { recordObservation } from './record-change.ts';

/** A host that makes up peers cannot fill the disk: beyond this many aggregates new ones are counted as dropped, known ones go on counting. */
export const MAX_FLOWS_A_HOST = 500_000;

/** `rejected`: lines and elements that were not understood; `connections`: new ones that were stored. */
export type IngestResult = { snapshots: number; connections: number; rejected: number; cursor: number };

/** Where to drain from: the number of the last snapshot that was stored, 0 for none. */
export const readDrainCursor = (ctx: BackendContext, host: HostId): number => findCursor(ctx.workspace.read, host)?.seq ?? 0;

/** The host's snapshots begin at 1 again (a fresh install). What was stored stays. */
export function resetDrain(ctx: BackendContext, host: HostId): void {
  ctx.workspace.transaction((tx) => dropCursor(tx, host));
}

/**
 * Stores what `drain` printed, oldest snapshot first, one transaction a snapshot with its cursor: draining the same again adds nothing,
 * and a crash in between loses nothing. Nothing that a host sends makes this throw.
 */
export function ingestDrain(ctx: BackendContext, host: HostId, lines: Iterable<string>): IngestResult {
  const result: IngestResult = { snapshots: 0, connections: 0, rejected: 0, cursor: readDrainCursor(ctx, host) };
  const listeners = findFacts(ctx.workspace.read, host)?.listening ?? [];
  for (const line of lines) {
    if (line.trim() === '') continue;
    const snapshot = parseSnapshot(line, ctx.nowMs());
    if (snapshot === null) {
      result.rejected += 1;
      ctx.workspace.transaction((tx) => addFigure(tx, host, ctx.nowMs(), 'rejected', 1));
      continue;
    }
    if (snapshot.head.seq <= result.cursor) continue;
    result.connections += ctx.workspace.transaction((tx) => storeSnapshot(tx, host, snapshot, listeners));
    result.snapshots += 1;
    result.rejected += snapshot.rejected;
    result.cursor = snapshot.head.seq;
  }
  if (result.snapshots > 0) recordObservation(ctx, ['flows'], () => {});
  return result;
}

function storeSnapshot(tx: WriteDb, host: HostId, snapshot: Snapshot, listeners: AgentFacts['listening']): number {
  const cursor = findCursor(tx, host);
  const isNewEpoch = cursor !== undefined && cursor.epoch !== snapshot.head.epoch;
  if (isNewEpoch) dropBaselines(tx, host);
  const baselines = listBaselines(tx, host);
  const context = contextOf(tx, host, snapshot);
  const { deltas, baselines: next } = computeDeltas(snapshot, context.mode, (set, key) => baselines.get(baselineKey(set, key)));
  const connections = storeDeltas(tx, host, snapshot, deltas, { ...context, listeners });
  for (const b of next) saveBaseline(tx, host, b.set, b.key, b);
  dropExpiredBaselines(tx, host, snapshot.atMs);
  storeFigures(tx, host, snapshot, cursor, baselines);
  saveCursor(tx, host, { seq: snapshot.head.seq, epoch: snapshot.head.epoch, atMs: snapshot.atMs });
  return connections;
}

type SnapshotContext = { mode: string | null; zone: string | null; policyVersion: PolicyVersionId | null };

/** The policy that was in force is known by the bundle's hash; the mode is what the host says it ran, else what we sent. */
function contextOf(tx: WriteDb, host: HostId, snapshot: Snapshot): SnapshotContext {
  const bundle = listBundleHeads(tx, host).find((b) => b.hash === snapshot.head.bundle);
  return { mode: snapshot.head.mode ?? bundle?.mode ?? null, zone: bundle?.zone ?? null, policyVersion: bundle?.version ?? null };
}

function storeDeltas(
  tx: WriteDb,
  host: HostId,
  snapshot: Snapshot,
  deltas: readonly ElementDelta[],
  context: SnapshotContext & { listeners: AgentFacts['listening'] },
): number {
  let room = MAX_FLOWS_A_HOST - countFlows(tx, host);
  let connections = 0;
  let dropped = 0;
  for (const { set, element, verdict, connections: count } of deltas) {
    const seenUnit = element.cgroup === null ? null : unitOfCgroup(snapshot.head.cgroups, element.cgroup);
    const { user, unit } =
      set.direction === 'in' ? findListener(context.listeners, element, seenUnit) : { user: userOf(snapshot, element.uid), unit: seenUnit };
    const outcome = addToFlow(
      tx,
      {
        reporter: host,
        direction: set.direction,
        peerAddress: element.peer,
        forwardTo: element.forwardTo,
        protocol: element.protocol,
        port: element.port,
        user,
        unit,
        zone: context.zone,
        verdict,
        policyVersion: context.policyVersion,
        connections: count,
        lastSeenAtMs: element.lastSeenAtMs,
      },
      room > 0,
    );
    if (outcome === 'made') room -= 1;
    if (outcome === 'left-out') dropped += count;
    else connections += count;
  }
  addFigure(tx, host, snapshot.atMs, 'dropped', dropped);
  return connections;
}

/** nft prints a name where the host knows one, else the number; a number without a name is kept as it is. */
const userOf = (snapshot: Snapshot, uid: string | null): string | null => (uid === null ? null : (snapshot.head.users[uid] ?? uid));

const COUNTER_FIGURES: readonly [string, Figure][] = [
  ['lost_in', 'lost-in'],
  ['lost_out', 'lost-out'],
  ['lost_fwd', 'lost-forward'],
  ['invalid_in', 'invalid-in'],
  ['midstream', 'midstream'],
];
const DAY_MS = 86_400_000;
/** Not the name of any set, so that named counters have baselines beside the elements'. */
const COUNTERS = 'counter:';

function storeFigures(tx: WriteDb, host: HostId, snapshot: Snapshot, cursor: DrainCursor | undefined, baselines: ReturnType<typeof listBaselines>): void {
  addFigure(tx, host, snapshot.atMs, 'snapshots', 1);
  addFigure(tx, host, snapshot.atMs, 'rejected', snapshot.rejected);
  for (const [name, figure] of COUNTER_FIGURES) {
    const packets = Math.trunc(snapshot.head.counters[name] ?? 0);
    if (!Number.isSafeInteger(packets) || packets < 0) continue;
    const before = baselines.get(baselineKey(COUNTERS, name))?.packets ?? 0;
    addFigure(tx, host, snapshot.atMs, figure, packets < before ? packets : packets - before);
    saveBaseline(tx, host, COUNTERS, name, { packets, owed: 0, expiresAtMs: Number.MAX_SAFE_INTEGER });
  }
  if (cursor === undefined) return;
  if (cursor.epoch !== snapshot.head.epoch) addFigure(tx, host, snapshot.atMs, 'restarts', 1);
  addFigure(tx, host, snapshot.atMs, 'gap-seconds', gapSeconds(cursor, snapshot));
}

/** New sets count from 0, so that up to all of the time since the last snapshot is uncovered; the same sets forget what is a day old. */
function gapSeconds(cursor: DrainCursor, snapshot: Snapshot): number {
  const sinceMs = Math.max(0, snapshot.atMs - cursor.atMs);
  return Math.round((cursor.epoch === snapshot.head.epoch ? Math.max(0, sinceMs - DAY_MS) : sinceMs) / 1000);
}
