import { FirebreakError } from '../../shared/errors.ts';
import { isBusy } from '../db/sqlite-errors.ts';
import type { BackendContext } from './backend-context.ts';
import { drainDestination, listDue } from './forward-drain.ts';

const LOOK_EVERY_MS = 2_000;

export type ForwardLoop = { close(): Promise<void> };

/** Sends what waits for as long as the console is open; each destination at its own pace. `close` ends what is under way, and resolves when nothing is written any more. */
export function startForwarding(ctx: BackendContext): ForwardLoop {
  const abort = new AbortController();
  const underWay = new Map<string, Promise<void>>();
  const begin = (name: string) => {
    const work = drainDestination(ctx, name, abort.signal)
      .then(() => undefined, leaveToScreens)
      .finally(() => underWay.delete(name));
    underWay.set(name, work);
  };
  const look = () => {
    try {
      for (const name of listDue(ctx)) if (!underWay.has(name)) begin(name);
    } catch (error) {
      leaveToScreens(error);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return {
    close: async () => {
      clearInterval(timer);
      abort.abort();
      await Promise.all(underWay.values());
    },
  };
}

/**
 * A workspace that cannot be written (a full disk, or one that another process keeps for itself for long) is told of by every command that needs it; the events stay
 * where they are, and the next look tries again. Anything else ends the process: nobody waits for a look.
 */
function leaveToScreens(error: unknown): void {
  if (!(error instanceof FirebreakError) && !isBusy(error)) throw error;
}
