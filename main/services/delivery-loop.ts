import { FirebreakError } from '../../shared/errors.ts';
import { isBusy } from '../db/sqlite-errors.ts';
import type { BackendContext } from './backend-context.ts';
import { deliverReturned, type Tried } from './deliver-returned.ts';

const LOOK_EVERY_MS = 15_000;

export type DeliveryLoop = { close(): Promise<void> };

/** Sends hosts what they missed once they answer again, for as long as the window is open. `close` ends the asking; a push under way ends as any does when the console closes. */
export function startDelivering(ctx: BackendContext): DeliveryLoop {
  const abort = new AbortController();
  const tried: Tried = new Map();
  let underWay: Promise<void> | null = null;
  const look = () => {
    underWay ??= deliverReturned(ctx, tried, abort.signal)
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

/** A push that began meanwhile, a window that has just shut, a workspace that cannot be written: whoever waits goes on waiting. Anything else ends the process. */
function leaveToNextLook(error: unknown): void {
  if (!(error instanceof FirebreakError) && !isBusy(error)) throw error;
}
