import { appendAudit } from '../db/audit-store.ts';
import { saveBundle } from '../db/bundle-store.ts';
import { findPushOwner, savePushOwner } from '../db/push-owner-store.ts';
import { insertPush, listPushes, type NewPushHost } from '../db/push-store.ts';
import type { ReadDb, WriteDb } from '../db/sql.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Push } from '../../shared/model/diff.ts';
import type { WaveOrder } from '../../shared/model/waves.ts';
import type { HostId, PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import type { BackendContext } from './backend-context.ts';
import { endRounds } from './host-turns.ts';
import { toBundle } from './plan-bundles.ts';
import { printRulesetJson } from './plan-ruleset-json.ts';
import { createPushWorld, toHostLoads } from './push-hosts.ts';
import { isAlive, thisProcess } from './push-owner.ts';
import { createPushRecorder, type PushRecorder } from './push-recorder.ts';
import { type PushRun, type PushStop, runPush } from './push-run.ts';
import { planWaves, type WaveHost } from '../../shared/policy/plan-waves.ts';
import { endWaits, leaveAsTheyAre, settleWaits } from './push-waits.ts';
import { outcomeOf } from './push-steps.ts';
import { createPushStream } from './push-stream.ts';
import type { SessionOrder } from './push-sessions.ts';
import type { HostLoad, PushMember } from './push-world.ts';

export type PushOrder = {
  kind: Push['kind'];
  sessions: SessionOrder;
  note: string;
  confirmWithinSeconds: number;
  members: readonly PushMember[];
  /** In which portions; all at once unless said. `first`: names of hosts that go before the others. */
  waves?: WaveOrder;
  /** What becomes of hosts to which no connection comes about (see PushRun); one stops the push unless said. */
  away?: 'leave' | 'wait';
  /** Why nothing may be sent to the host any more, or null. */
  whyShut?: (host: HostId) => string | null;
  /** Which maintenance windows are shut, and why it goes out all the same; for the audit log. */
  outsideWindow?: string;
  /** Refuses hosts that confirmed something else since the plan was made: what another console did is not overwritten unasked. Who undoes or contains is in a hurry, and does not ask. */
  holdsBase?: boolean;
  /** The policy differs from the last version although no host may change (a zone that only observes): then the version alone is made. */
  isPolicyNew?: boolean;
  /** Made or found in the transaction in which the push is stored. */
  version: (tx: WriteDb) => PolicyVersionId;
  /** The versions of members without an origin, where they are not the push's own; looked at after `version`, which may fill it. */
  versionOf?: ReadonlyMap<HostId, PolicyVersionId>;
};

const PARALLEL_HOSTS = 16;

/** Pushes that this process runs now; a push that is stored as running, but is not among them, was interrupted. */
const runningHere = new Map<PushId, { stop(by: string): void; readonly order: PushStop }>();

function createStop(): { stop(by: string): void; readonly order: PushStop } {
  const abort = new AbortController();
  const order: PushStop = { by: null, signal: abort.signal };
  const stop = (by: string) => {
    order.by ??= by;
    abort.abort();
  };
  return { stop, order };
}

/** No further host is begun; those under way go on to their end. @throws PUSH_NOT_HERE */
export function stopPush(ctx: BackendContext, id: PushId): void {
  const running = runningHere.get(id);
  if (running === undefined) throw new FirebreakError('PUSH_NOT_HERE', { push: id });
  if (running.order.by !== null) return;
  ctx.workspace.transaction((tx) => appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'push.stop', subject: id, detail: 'no further host is begun; hosts under way go on' }));
  ctx.changes.emit(['audit']);
  running.stop(ctx.user);
}

/** The push that some living process runs on this workspace, if any. */
export function findRunningPush(db: ReadDb): Push | undefined {
  const owner = findPushOwner(db);
  return listPushes(db, { limit: 100, outcomes: ['running'] }).find((push) => {
    if (owner === undefined || owner.push !== push.id) return false;
    return owner.pid === process.pid ? runningHere.has(push.id) : isAlive(owner);
  });
}

/** What a running push still has to do with a host must not be pulled away from under it. @throws PUSH_RUNNING */
export function assertNotInRunningPush(db: ReadDb, host: HostId): void {
  const running = findRunningPush(db);
  if (running?.hosts.some((entry) => entry.host === host) === true) throw new FirebreakError('PUSH_RUNNING', { push: running.id });
}

/**
 * Stores the push and begins it; gives its states as they come. It goes on when nobody watches.
 * @throws PUSH_RUNNING · NOTHING_TO_PUSH · NOT_FOUND (a jump host); nothing is stored or sent then
 */
export function beginPush(ctx: BackendContext, order: PushOrder): AsyncGenerator<Push, void, void> {
  if (order.members.every(isUnchanged) && order.isPolicyNew !== true) throw new FirebreakError('NOTHING_TO_PUSH', {});
  const id = ctx.newId.push();
  const halt = createStop();
  runningHere.set(id, halt);
  let loads: HostLoad[];
  try {
    loads = ctx.workspace.transaction((tx) => storePush(ctx, tx, id, order));
  } catch (error) {
    runningHere.delete(id);
    throw error;
  }
  ctx.changes.emit(['pushes', 'versions', 'policy', 'hosts', 'audit']);
  const recorder = createPushRecorder(ctx, id, (push) => stream.publish(push));
  const stream = createPushStream(recorder.push);
  // Errors reach whoever watches; a push that could not be stored to its end is found by reconciling.
  carryOut(ctx, recorder, order, { waves: wavesOf(order, loads), unchanged: order.members.filter(isUnchanged).map((member) => member.bundle.host.id), stop: halt.order }).then(
    () => stream.end(),
    (error: unknown) => stream.end(error),
  );
  return stream.watch();
}

/** Gives what is to be sent. Bundles carry the number of their version in their header, which is no part of the hash. */
function storePush(ctx: BackendContext, tx: WriteDb, id: PushId, order: PushOrder): HostLoad[] {
  const running = findRunningPush(tx);
  if (running !== undefined) throw new FirebreakError('PUSH_RUNNING', { push: running.id });
  const version = order.version(tx);
  endWaits(tx, order);
  const members = order.members.map(({ bundle, formerBundle, origin }): Required<PushMember> => {
    if (origin !== undefined) return { bundle, formerBundle, origin };
    const own = order.versionOf?.get(bundle.host.id) ?? version;
    return { bundle: toBundle(bundle.host, bundle.ruleset, own), formerBundle, origin: { version: own } };
  });
  const planned = planOf(order);
  const waveOf = new Map(planned.length > 1 ? planned.flatMap((wave, index) => wave.map(({ host }) => [host, index + 1])) : []);
  const hosts = members.map(({ bundle, formerBundle, origin }): NewPushHost => {
    saveBundle(tx, {
      host: bundle.host.id, hash: bundle.hash, version: origin.version, mode: bundle.mode, zone: bundle.zone, text: bundle.text,
      rulesetJson: printRulesetJson(bundle.ruleset), createdAtMs: ctx.nowMs(),
    });
    return { host: bundle.host.id, hostName: bundle.host.name, bundle: bundle.hash, formerBundle, wave: waveOf.get(bundle.host.id) ?? null };
  });
  const { kind, note, confirmWithinSeconds } = order;
  insertPush(tx, { id, version, kind, author: ctx.user, note, startedAtMs: ctx.nowMs(), confirmWithinSeconds, sessions: order.sessions.choice, hosts });
  savePushOwner(tx, { push: id, ...thisProcess() });
  const changed = members.filter((member) => !isUnchanged(member));
  const detail = `${kind} of version ${version} to ${changed.length} of ${hosts.length} hosts${planned.length > 1 ? ` in waves of ${planned.map((wave) => wave.length).join(', ')}` : ''}${order.sessions.choice === 'cut' ? ', live connections that it forbids are cut' : ''}${note === '' ? '' : `: ${note}`}`;
  appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'push.begin', subject: id, detail });
  if (order.outsideWindow !== undefined) appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'push.outside-window', subject: id, detail: order.outsideWindow });
  return toHostLoads(ctx, { id, confirmWithinSeconds, holdsBase: order.holdsBase ?? false }, changed);
}

const isUnchanged = (member: PushMember): boolean => member.formerBundle === member.bundle.hash;

/** The loads of the hosts that change, by wave. */
function wavesOf(order: PushOrder, loads: readonly HostLoad[]): HostLoad[][] {
  const byHost = new Map(loads.map((load) => [load.host, load]));
  return planOf(order).map((wave) => wave.flatMap(({ host }) => byHost.get(host) ?? []));
}

/** Who goes when, of those that change. */
const planOf = ({ members, waves }: PushOrder) =>
  inWaves(
    members.filter((member) => !isUnchanged(member)).map(({ bundle }) => ({ host: bundle.host.id, hostName: bundle.host.name, zone: bundle.zone })),
    waves,
  );

const inWaves = <Host extends WaveHost>(hosts: readonly Host[], waves: WaveOrder | undefined): Host[][] => planWaves(hosts, waves?.sizes ?? [], waves?.first ?? [], waves?.zones ?? []);

type Hosts = { waves: HostLoad[][]; unchanged: readonly HostId[]; stop: PushStop };

async function carryOut(ctx: BackendContext, recorder: PushRecorder, order: PushOrder, hosts: Hosts): Promise<void> {
  const { sessions, waves, whyShut, away = 'refuse' } = order;
  const zoneOf = new Map(order.members.map(({ bundle }) => [bundle.host.id, bundle.zone]));
  const planAnew = (loads: readonly HostLoad[]) => inWaves(loads.map((load) => ({ load, hostName: load.hostName, zone: zoneOf.get(load.host) ?? null })), waves).map((wave) => wave.map(({ load }) => load));
  try {
    await endRounds(ctx);
    const run: PushRun = { ...hosts, away, planAnew, pauseSeconds: waves?.pauseSeconds ?? 0, parallel: PARALLEL_HOSTS, ...(whyShut === undefined ? {} : { whyShut }) };
    const { stopped } = await runPush(createPushWorld(ctx, recorder, sessions), run);
    const outcome = outcomeOf(recorder.push.hosts.map((host) => host.step), stopped);
    if (away === 'leave' && outcome !== 'confirmed') leaveAsTheyAre(recorder);
    recorder.finish(outcome, ctx.nowMs(), (tx) => settleWaits(tx, recorder.push, { away, outcome }));
  } finally {
    runningHere.delete(recorder.push.id);
  }
}
