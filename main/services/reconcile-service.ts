import PQueue from 'p-queue';
import type { Push, PushHost, PushStep } from '../../shared/model/diff.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { appendAudit } from '../db/audit-store.ts';
import { listHosts } from '../db/host-store.ts';
import { appendPushStep, findPush, listFormerBundles, listPushes, listPushSteps, setPushOutcome } from '../db/push-store.ts';
import type { ReadDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { createAgentClient } from './agent-client.ts';
import { recordStatus } from './agent-record.ts';
import { createPushRecorder, type PushRecorder } from './push-recorder.ts';
import { askHost, type AskWorld } from './push-settle.ts';
import { findRunningPush } from './push-start.ts';
import { isUntouched, needsReadBack, outcomeOf } from './push-steps.ts';
import { resolveTarget } from './ssh-targets.ts';

const PARALLEL_HOSTS = 16;
const ASK_EVERY_MS = 2_000;
const ASK_AT_LEAST_EVERY_MS = 15_000;
const GRACE_MS = 10_000;
const MAX_PUSHES = 1000;
const NOTHING_SENT = 'the console stopped before anything was sent to it';

/** One reconciliation at a time in a process; whoever asks meanwhile gets the same answer. */
const underWay = new WeakMap<BackendContext['workspace'], Promise<Push[]>>();

/**
 * Asks every host of interrupted pushes what it did, and hosts of which an earlier push learned nothing, and stores what they say.
 * Waits for hosts that still hold unconfirmed rules until these are gone. A host that gives no answer stays `unknown` and is asked
 * the next time. Gives the pushes that were looked at, newest first; empty when none was interrupted.
 */
export async function reconcilePushes(ctx: BackendContext): Promise<Push[]> {
  const running = underWay.get(ctx.workspace);
  if (running !== undefined) return running;
  const work = reconcileAll(ctx).finally(() => underWay.delete(ctx.workspace));
  underWay.set(ctx.workspace, work);
  return work;
}

/**
 * Marks pushes that are stored as running, but that no living process runs, as interrupted; hosts to which nothing was sent are
 * skipped. Connects to nothing. Idempotent.
 */
export function markInterruptedPushes(ctx: BackendContext): void {
  const { read } = ctx.workspace;
  if (listPushes(read, { limit: 1, outcomes: ['running'] }).length === 0) return;
  ctx.workspace.transaction((tx) => {
    const living = findRunningPush(tx);
    for (const push of listPushes(tx, { limit: MAX_PUSHES, outcomes: ['running'] }).filter((candidate) => candidate.id !== living?.id)) {
      setPushOutcome(tx, push.id, 'interrupted', null);
      for (const host of push.hosts.filter((entry) => isUntouched(entry.step))) {
        appendPushStep(tx, push.id, { host: host.host, step: 'skipped', detail: NOTHING_SENT, atMs: ctx.nowMs() });
      }
      appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'push.interrupted', subject: push.id, detail: `${push.kind} of version ${push.version} by ${push.author}: the console stopped in the middle` });
    }
  });
  ctx.changes.emit(['pushes', 'hosts', 'audit']);
}

async function reconcileAll(ctx: BackendContext): Promise<Push[]> {
  markInterruptedPushes(ctx);
  const open = listOpen(ctx);
  const queue = new PQueue({ concurrency: PARALLEL_HOSTS });
  await Promise.all(
    open.map(async ({ push, hosts }) => {
      const recorder = createPushRecorder(ctx, push.id, () => {});
      await Promise.all(hosts.map((host) => queue.add(() => settle(ctx, recorder, host))));
      finish(ctx, recorder, hosts);
    }),
  );
  return open.map(({ push }) => findPush(ctx.workspace.read, push.id) ?? push);
}

type Open = { push: Push; hosts: PushHost[] };

/** Interrupted pushes that are not ended, and ended ones with a host that nothing is known of and that no later push has seen. */
function listOpen(ctx: BackendContext): Open[] {
  const { read } = ctx.workspace;
  const known = new Set(listHosts(read).filter((host) => host.ssh !== null).map((host) => host.id));
  const seenLater = new Set<string>();
  return listPushes(read, { limit: MAX_PUSHES }).flatMap((push): Open[] => {
    if (push.outcome === 'running') return [];
    const isOpen = push.outcome === 'interrupted' && push.endedAtMs === null;
    const loaded = listLoaded(read, push);
    const hosts = push.hosts.filter((host) => {
      const isUncertain = isOpen ? needsReadBack(host.step) || (host.step === 'failed' && loaded.has(host.host)) : host.step === 'unknown';
      return isUncertain && known.has(host.host) && !seenLater.has(host.host);
    });
    // A later push that loaded nothing there tells nothing about what an earlier one did.
    for (const host of loaded) seenLater.add(host);
    return isOpen || hosts.length > 0 ? [{ push, hosts }] : [];
  });
}

/** The hosts to which the push sent its rules. A step `failed` does not say whether that was before or after. */
function listLoaded(read: ReadDb, push: Push): Set<HostId> {
  const hosts = push.hosts.filter(({ step }) => step !== 'failed' && step !== 'skipped' && !isUntouched(step)).map(({ host }) => host);
  if (!push.hosts.some(({ step }) => step === 'failed')) return new Set(hosts);
  return new Set([...hosts, ...listPushSteps(read, push.id).flatMap(({ host, step }) => (step === 'applying' ? [host] : []))]);
}

/** Nobody is there who would confirm, so that a host that waits has news when its window ends: asking five hundred of them each second is a login each. */
const untilNextAsk = (secondsLeft: number): number => Math.min(Math.max(ASK_EVERY_MS, (secondsLeft / 2) * 1000), ASK_AT_LEAST_EVERY_MS);

/** Asks one host until what it says is final. */
async function settle(ctx: BackendContext, recorder: PushRecorder, host: PushHost): Promise<void> {
  const { push } = recorder;
  const world: AskWorld = { agents: createAgentClient(ctx.sshPool), keepStatus: (id, status) => recordStatus(ctx, id, status) };
  const formerBundle = listFormerBundles(ctx.workspace.read, push.id).get(host.host) ?? null;
  const load = { host: host.host, target: resolveTarget(ctx, host.hostName), pushId: push.id, bundle: host.bundle, formerBundle };
  // A clock that was set back since makes the push one of the future: then its window is waited for once from now, and not until the clock gets there.
  const loadedByMs = Math.min(host.changedAtMs, ctx.nowMs()) + push.confirmWithinSeconds * 1000;
  const limitMs = ctx.nowMs() + push.confirmWithinSeconds * 1000 + GRACE_MS;
  const store = (step: PushStep, detail: string) => {
    // Another process may have asked and stored the same meanwhile; and what stays unknown is not told again.
    if (recorder.stepOf(host.host) === host.step && step !== host.step) recorder.move(host.host, step, detail);
  };
  for (;;) {
    // What it says was so when it was asked: an answer that was long under way must not look like one from after the window.
    const askedAtMs = ctx.nowMs();
    const answer = await askHost(world, load);
    if (answer.kind === 'silent') return store('unknown', `no answer since: ${answer.why}`);
    const { truth, status } = answer;
    if (truth.kind === 'confirmed') {
      if (recorder.stepOf(host.host) === host.step) recorder.moveToConfirmed(host.host, host.bundle, `${truth.detail} (read back)`);
      return;
    }
    // An interrupted load may still be on its way until its window is over, unless the host itself has recorded its end.
    const mayStillLoad = host.step === 'applying' && status.last?.id !== push.id && askedAtMs < loadedByMs;
    if (truth.kind === 'rolled-back' && !mayStillLoad) return store('rolled-back', `${truth.detail} (read back)`);
    if (truth.kind === 'other' || askedAtMs >= limitMs) return store('unknown', `${truth.detail} (read back)`);
    await ctx.wait(truth.kind === 'pending' ? untilNextAsk(truth.secondsLeft) : ASK_EVERY_MS);
  }
}

/** An interrupted push stays that; it is over when every host that could be asked has answered. An ended one is judged again. */
function finish(ctx: BackendContext, recorder: PushRecorder, asked: readonly PushHost[]): void {
  const stepsOf = (hosts: readonly PushHost[]) => hosts.map((host) => recorder.stepOf(host.host));
  const { push } = recorder;
  if (push.outcome !== 'interrupted') {
    const outcome = outcomeOf(push.hosts.map((host) => recorder.stepOf(host.host) ?? host.step), false);
    if (outcome !== push.outcome) recorder.finish(outcome, push.endedAtMs);
    return;
  }
  for (const host of push.hosts.filter((entry) => entry.step !== 'unknown' && needsReadBack(entry.step))) {
    recorder.move(host.host, 'unknown', 'it was removed, or pushed to again, before it could be asked');
  }
  if (!stepsOf(asked).includes('unknown')) recorder.finish('interrupted', ctx.nowMs());
}
