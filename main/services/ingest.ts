import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import { isContainedRefusal } from '../../shared/policy/contained-refusal.ts';
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
import { findBundle, listBundleHeads } from '../db/bundle-store.ts';
import { addToFlow, countFlows, type FlowDelta, setSocketProcess } from '../db/flow-store.ts';
import { spoolFlow } from '../db/forward-events.ts';
import { findFacts } from '../db/host-state-store.ts';
import { dropOldHours } from '../db/recording-hours-store.ts';
import { addFigure, type Figure, HOUR_MS, hourOf } from '../db/recording-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { createFlowAlerts, type FlowAlerts } from './alert-flows.ts';
import { noteRates } from './alert-rates.ts';
import type { BackendContext } from './backend-context.ts';
import { computeDeltas, type ElementDelta, type IsContained } from './flow-deltas.ts';
import { findListener, unitOfCgroup } from './flow-identity.ts';
import { areOfOneCollection, createFindProcess, findListenerProcess, listSampledSockets, type SampledSocket } from './flow-process.ts';
import { parseSnapshot, type Snapshot } from './parse-snapshot.ts';
import { parseRulesetJson } from './plan-ruleset-json.ts';
import { recordObservation } from './record-change.ts';

/** A host that makes up peers cannot fill the disk: beyond this many aggregates new ones are counted as dropped, known ones go on counting. */
export const MAX_FLOWS_A_HOST = 500_000;

/** `rejected`: lines and elements that were not understood; `connections`: new ones that were stored. */
export type IngestResult = { snapshots: number; connections: number; rejected: number; cursor: number };
/** What one drain may still cost: snapshots that are taken, and hours that are marked as a gap. Shared by the parts of a drain, and counted down. */
export type DrainBudget = { snapshots: number; gapHours: number };
/** Forty days of hourly snapshots, and a gap of 100 days: beyond it a host makes them up, or the next drain goes on. */
export const newDrainBudget = (): DrainBudget => ({ snapshots: 1_000, gapHours: 2_400 });

/** Where to drain from: the number of the last snapshot that was stored, 0 for none. */
export const readDrainCursor = (ctx: BackendContext, host: HostId): number => findCursor(ctx.workspace.read, host)?.seq ?? 0;

/** The host's snapshots begin at 1 again (a fresh install). What was stored stays. */
export function resetDrain(ctx: BackendContext, host: HostId): void {
  ctx.workspace.transaction((tx) => dropCursor(tx, host));
}

/**
 * Stores what `drain` printed, oldest snapshot first, one transaction a snapshot with its cursor: draining the same again adds nothing,
 * and a crash in between loses nothing. Nothing that a host sends makes this throw. Stops where `budget` ends: the next drain goes on there.
 */
export function ingestDrain(ctx: BackendContext, host: HostId, lines: Iterable<string>, budget: DrainBudget = newDrainBudget()): IngestResult {
  const result: IngestResult = { snapshots: 0, connections: 0, rejected: 0, cursor: readDrainCursor(ctx, host) };
  const facts = findFacts(ctx.workspace.read, host);
  let rejectedLines = 0;
  let firstAtMs: number | null = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    if (budget.snapshots <= 0) break;
    const snapshot = parseSnapshot(line, ctx.nowMs());
    if (snapshot === null) {
      rejectedLines += 1;
      continue;
    }
    if (snapshot.head.seq <= result.cursor) continue;
    budget.snapshots -= 1;
    result.connections += ctx.workspace.transaction((tx) => storeSnapshot(tx, host, snapshot, { facts, budget, alerts: createFlowAlerts(ctx, tx, host, facts) }));
    firstAtMs ??= snapshot.atMs;
    result.snapshots += 1;
    result.rejected += snapshot.rejected;
    result.cursor = snapshot.head.seq;
  }
  result.rejected += rejectedLines;
  if (rejectedLines > 0) ctx.workspace.transaction((tx) => addFigure(tx, host, ctx.nowMs(), 'rejected', rejectedLines));
  if (firstAtMs !== null) recordObservation(ctx, ['flows'], (tx) => noteRates(ctx, tx, host, firstAtMs));
  return result;
}

type Known = { facts: AgentFacts | null; budget: DrainBudget; alerts: FlowAlerts };

function storeSnapshot(tx: WriteDb, host: HostId, snapshot: Snapshot, { facts, budget, alerts }: Known): number {
  const cursor = findCursor(tx, host);
  // Another process has stored it meanwhile.
  if (cursor !== undefined && cursor.seq >= snapshot.head.seq) return 0;
  const isNewEpoch = cursor !== undefined && cursor.epoch !== snapshot.head.epoch;
  if (isNewEpoch) dropBaselines(tx, host);
  const baselines = listBaselines(tx, host);
  const context = contextOf(tx, host, snapshot);
  const { deltas, baselines: next } = computeDeltas(snapshot, context.mode, (set, key) => baselines.get(baselineKey(set, key)), createContainedReader(tx, host, snapshot.head.bundle, context.mode));
  const connections = storeDeltas(tx, host, snapshot, deltas, { ...context, facts, alerts });
  for (const b of next) saveBaseline(tx, host, b.set, b.key, b);
  dropExpiredBaselines(tx, host, snapshot.atMs);
  storeFigures(tx, host, snapshot, { cursor, baselines, budget });
  saveCursor(tx, host, { seq: snapshot.head.seq, epoch: snapshot.head.epoch, atMs: snapshot.atMs });
  return connections;
}

type SnapshotContext = { mode: string | null; zone: string | null; policyVersion: PolicyVersionId | null };

/** The policy that was in force is known by the bundle's hash; the mode is what the host says it ran, else what we sent. */
function contextOf(tx: WriteDb, host: HostId, snapshot: Snapshot): SnapshotContext {
  const bundle = listBundleHeads(tx, host).find((b) => b.hash === snapshot.head.bundle);
  return { mode: snapshot.head.mode ?? bundle?.mode ?? null, zone: bundle?.zone ?? null, policyVersion: bundle?.version ?? null };
}

/** Only where the rules themselves refuse nothing it matters who did. */
function createContainedReader(tx: WriteDb, host: HostId, bundle: string | null, mode: string | null): IsContained {
  const stored = mode === 'enforce' || bundle === null ? undefined : findBundle(tx, host, bundle);
  const rows = stored?.text.includes('comment "c_') === true ? (parseRulesetJson(stored.rulesetJson)?.containments ?? []) : [];
  return (direction, { peer, protocol, port, lastSeenAtMs }) => rows.length > 0 && isContainedRefusal(rows, { direction, peer, protocol, port, atMs: lastSeenAtMs });
}

function storeDeltas(
  tx: WriteDb,
  host: HostId,
  snapshot: Snapshot,
  deltas: readonly ElementDelta[],
  context: SnapshotContext & Pick<Known, 'facts' | 'alerts'>,
): number {
  let room = MAX_FLOWS_A_HOST - countFlows(tx, host);
  let connections = 0;
  let dropped = 0;
  const sockets = listSampledSockets(snapshot.head);
  const findProcess = createFindProcess(snapshot.head, sockets);
  const listeners = context.facts?.listening ?? [];
  const listenerConfidence = areOfOneCollection(context.facts, snapshot.head) ? 'exact' : 'inferred';
  for (const { set, element, verdict, connections: count } of deltas) {
    const seenUnit = element.cgroup === null ? null : unitOfCgroup(snapshot.head.cgroups, element.cgroup);
    const { user, unit } =
      set.direction === 'in' ? findListener(listeners, element, seenUnit) : { user: userOf(snapshot, element.uid), unit: seenUnit };
    // Nobody took what was blocked, and what passes through belongs to no process of the host's.
    const process = verdict === 'blocked' || set.direction === 'forward' ? null : set.direction === 'in' ? findListenerProcess(listeners, element, listenerConfidence) : findProcess(element);
    const delta: FlowDelta = {
      reporter: host,
      direction: set.direction,
      peerAddress: element.peer,
      forwardTo: element.forwardTo,
      protocol: element.protocol,
      port: element.port,
      user,
      unit,
      process,
      zone: context.zone,
      verdict,
      policyVersion: context.policyVersion,
      connections: count,
      lastSeenAtMs: element.lastSeenAtMs,
    };
    const outcome = addToFlow(tx, delta, room > 0);
    context.alerts.note(delta, outcome);
    spoolFlow(tx, delta);
    if (outcome === 'made') room -= 1;
    if (outcome === 'left-out') dropped += count;
    else connections += count;
  }
  context.alerts.end();
  addFigure(tx, host, snapshot.atMs, 'dropped', dropped);
  storeSockets(tx, host, snapshot, sockets);
  addFigure(tx, host, snapshot.atMs, 'coarse', sumCoarse(snapshot, deltas));
  return connections;
}

function storeSockets(tx: WriteDb, host: HostId, snapshot: Snapshot, sockets: readonly SampledSocket[]): void {
  for (const { peer, protocol, port, uid, process } of sockets)
    setSocketProcess(tx, { reporter: host, peerAddress: peer, protocol, port, user: userOf(snapshot, uid) ?? uid, process });
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

type Before = { cursor: DrainCursor | undefined; baselines: ReturnType<typeof listBaselines>; budget: DrainBudget };

function storeFigures(tx: WriteDb, host: HostId, snapshot: Snapshot, { cursor, baselines, budget }: Before): void {
  dropOldHours(tx, host, snapshot.atMs);
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
  addGap(tx, host, cursor, snapshot, budget);
}

/**
 * Time that no counter covers, at most, in the hours that it fell into. New sets count from 0, so that up to all of the time since the last
 * snapshot is uncovered; the same sets forget what is a day old. A clock that jumped years ahead has its last 100 days marked, and one that
 * jumps to and fro no more than that in a whole drain.
 */
function addGap(tx: WriteDb, host: HostId, cursor: DrainCursor, snapshot: Snapshot, budget: DrainBudget): void {
  const endMs = cursor.epoch === snapshot.head.epoch ? snapshot.atMs - DAY_MS : snapshot.atMs;
  let fromMs = Math.max(cursor.atMs, endMs - budget.gapHours * HOUR_MS);
  while (fromMs < endMs && budget.gapHours > 0) {
    budget.gapHours -= 1;
    const untilMs = Math.min(endMs, hourOf(fromMs) + HOUR_MS);
    addFigure(tx, host, fromMs, 'gap-seconds', Math.round((untilMs - fromMs) / 1000));
    fromMs = untilMs;
  }
}

/** Sets hold 16,384 elements (11,000 in some versions); one that has this many sends or soon sends new flows to the coarser set beside it. */
const NEARLY_FULL_ELEMENTS = 10_000;

/** New connections that were recorded without user and unit though the finer set would have had them, had it had room. */
function sumCoarse(snapshot: Snapshot, deltas: readonly ElementDelta[]): number {
  const isFull = (coarse: string) => (snapshot.sets.get(coarse.slice(0, -1))?.length ?? 0) >= NEARLY_FULL_ELEMENTS;
  return deltas.filter(({ set }) => set.name.endsWith('x') && isFull(set.name)).reduce((sum, delta) => sum + delta.connections, 0);
}
