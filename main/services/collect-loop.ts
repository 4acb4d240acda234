import { FirebreakError } from '../../shared/errors.ts';
import { loadRound } from '../db/collect-round-store.ts';
import { isBusy } from '../db/sqlite-errors.ts';
import type { BackendContext } from './backend-context.ts';
import { nextRoundAtMs } from './collect-pace.ts';
import { collectRound } from './collect-round.ts';
import { findRunningPush } from './push-start.ts';
import { readSettings } from './workspace-settings.ts';

const LOOK_EVERY_MS = 5_000;

export type CollectLoop = { close(): Promise<void> };

/** Collects from all hosts as often as the workspace says, for as long as the window is open. `close` ends a round that is under way, and resolves when nothing of it is left. */
export function startCollecting(ctx: BackendContext): CollectLoop {
  const abort = new AbortController();
  let underWay: Promise<void> | null = null;
  const look = () => {
    underWay ??= collectWhenDue(ctx, abort.signal)
      .then(() => undefined, leaveToNextLook)
      .finally(() => (underWay = null));
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    close: async () => {
      clearInterval(timer);
      abort.abort();
      await underWay;
    },
  };
}

/** One look: a round where it is time for one, and nothing is pushed. Gives whether there was one. */
export async function collectWhenDue(ctx: BackendContext, signal?: AbortSignal): Promise<boolean> {
  const { collectEveryMinutes: everyMinutes } = readSettings(ctx);
  const { read } = ctx.workspace;
  if (everyMinutes === null || findRunningPush(read) !== undefined) return false;
  if (ctx.nowMs() < nextRoundAtMs(loadRound(read), everyMinutes, ctx.nowMs())) return false;
  ctx.changes.emit(['audit']);
  const round = collectRound(ctx, { hosts: { kind: 'all' }, everyMinutes }, signal);
  while ((await round.next()).done !== true) continue;
  return true;
}

/** A window that has just shut, a workspace that cannot be written: the next look tries again. Anything else ends the process. */
function leaveToNextLook(error: unknown): void {
  if (!(error instanceof FirebreakError) && !isBusy(error)) throw error;
}
