import type { CollectRound, CollectView, PassedWhy } from '../../shared/contract/collect-rounds.ts';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { loadRound, saveRound } from '../db/collect-round-store.ts';
import { findHostState } from '../db/host-state-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { isSample } from '../db/sample-mark.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import { collect, createNameWork } from './agent-service.ts';
import type { BackendContext } from './backend-context.ts';
import { nextRoundAtMs, noteAnswer, whyPassed } from './collect-pace.ts';
import { listChosenHosts } from './find-host.ts';
import { forgetOldFlows } from './forget-flows.ts';
import { enterRound, isRoundUnderWay } from './host-turns.ts';
import { findRunningPush } from './push-start.ts';
import { recordObservation } from './record-change.ts';
import { readSettings } from './workspace-settings.ts';

export type RoundEvent = Exclude<ProgressEvent, { type: 'done' }> | { type: 'done'; result: CollectRound };
export type RoundOrder = { readonly hosts: HostChoice; readonly everyMinutes: number };

/** An attempt that has begun, so that nobody leaves before it has ended. */
type Attempts = Set<Promise<unknown>>;

/**
 * One round of collecting that nobody asked for just now: flows and facts of every chosen host with an agent, but for those that need a password which was not given, that somebody collects from already, or that failed
 * lately. A push ends it, whichever process runs it; the hosts that are left come in the next round. Writes no audit entry of its own. Over all hosts its outcome is kept in the workspace.
 * `signal`, or leaving, ends it; it has ended when the generator has. @throws NOT_FOUND for an unknown host
 */
export async function* collectRound(ctx: BackendContext, { hosts: choice, everyMinutes }: RoundOrder, signal?: AbortSignal): AsyncGenerator<RoundEvent, void, void> {
  const startedAtMs = ctx.nowMs();
  const chosen = listChosenHosts(ctx, choice);
  const hosts = chosen.filter(({ id }) => findHostState(ctx.workspace.read, id)?.status != null);
  const passed = new Map<string, PassedWhy>();
  const stop = new AbortController();
  const attempts: Attempts = new Set();
  let isOver = false;
  const leave = enterRound(ctx, () => stop.abort());
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  if (signal?.aborted === true) stop.abort();
  const watch = endForPushes(ctx, stop);
  const names = createNameWork(ctx, stop.signal);
  const attempt = async (host: HostRecord): Promise<string> => {
    if (stop.signal.aborted) throw new FirebreakError('ABORTED', { doing: 'a round of collecting' });
    const why = whyPassed(ctx, host);
    if (why === null) return collect(ctx, host, names, stop.signal);
    passed.set(host.name, why);
    return PASSED_TEXT[why];
  };
  const work = (host: HostRecord) => {
    const attempted = attempt(host);
    attempts.add(attempted.catch(() => undefined));
    return attempted;
  };
  try {
    for await (const event of overHosts(ctx, hosts, work, stop)) {
      if (event.type !== 'done') {
        yield event;
        continue;
      }
      const round = toRound(ctx, { hosts, results: event.result.hosts, passed, startedAtMs, everyMinutes, withoutAgent: chosen.length - hosts.length });
      if (choice.kind === 'all' && signal?.aborted !== true) recordObservation(ctx, ['hosts'], (tx) => saveRound(tx, round));
      isOver = !stop.signal.aborted;
      yield { type: 'done', result: round };
    }
  } finally {
    stop.abort();
    await Promise.all([...attempts, watch]);
    leave();
    ctx.changes.emit(['audit']);
    // Behind all that a push waits for.
    if (isOver) await forgetOldFlows(ctx, signal);
  }
}

export const PASSED_TEXT: Readonly<Record<PassedWhy, string>> = {
  password: 'not asked: it needs a password, which nobody has given in this session',
  push: 'not asked: a push is running',
  busy: 'not asked: something else is done there just now',
  'left-alone': 'not asked: it failed lately and is left alone for a while',
};

/** Ends the round when a push begins, also one of another process. */
async function endForPushes(ctx: BackendContext, stop: AbortController): Promise<void> {
  for await (const { groups } of ctx.changes.subscribe(stop.signal)) {
    if (groups.includes('pushes') && findRunningPush(ctx.workspace.read) !== undefined) stop.abort();
  }
}

type Outcome = Pick<CollectRound, 'startedAtMs' | 'withoutAgent'> & { readonly hosts: readonly HostRecord[]; readonly results: Extract<ProgressEvent, { type: 'done' }>['result']['hosts']; readonly passed: ReadonlyMap<string, PassedWhy>; readonly everyMinutes: number };

function toRound(ctx: BackendContext, { hosts, results, passed, startedAtMs, withoutAgent, everyMinutes }: Outcome): CollectRound {
  const round: CollectRound = { startedAtMs, endedAtMs: ctx.nowMs(), hosts: hosts.length, withoutAgent, answered: 0, failed: [], passed: [] };
  for (const [index, { hostName, ok, error }] of results.entries()) {
    const host = hosts[index];
    const why = passed.get(hostName) ?? (error?.code === 'ABORTED' ? 'push' : null);
    if (why !== null) round.passed.push({ hostName, why });
    else if (host !== undefined) {
      noteAnswer(ctx, host.id, ok ? null : (error?.code ?? 'INTERNAL'), everyMinutes);
      if (ok) round.answered += 1;
      else round.failed.push({ hostName, title: error?.title ?? 'failed' });
    }
  }
  return round;
}

/** What the settings say of it, and what the last round came to. */
export function readCollecting(ctx: BackendContext): CollectView {
  const { collectEveryMinutes: everyMinutes } = readSettings(ctx);
  const last = loadRound(ctx.workspace.read);
  const isHere = ctx.console !== null && ctx.heldBy === null && !isSample(ctx.workspace.read);
  return { everyMinutes, isUnderWay: isRoundUnderWay(ctx), last, nextAtMs: everyMinutes === null || !isHere ? null : nextRoundAtMs(last, everyMinutes, ctx.nowMs()) };
}
