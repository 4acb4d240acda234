import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { prepareFlatMap } from './map-flat.ts';

/** A browser that is started from this process is on its way by then; what comes sooner would only keep it from starting. */
const STARTS_AFTER_MS = 50;

/**
 * Soon, and while the window is still starting, reads what every first screen asks for, and then makes the first map. Only for a backend with a window: a command asks for one thing and ends. `stop` before the backend is closed.
 */
export function startWarmUp(ctx: BackendContext): { stop(): void } {
  const abort = new AbortController();
  const timer = setTimeout(() => void warmUp(ctx, abort.signal), STARTS_AFTER_MS);
  return {
    stop: () => {
      clearTimeout(timer);
      abort.abort();
    },
  };
}

/** The fleet, the draft and who is in which zone; then the map. The promise ends with the work, or soon after `signal` aborts. What fails is told by the screen that asks for it. */
export async function warmUp(ctx: BackendContext, signal: AbortSignal): Promise<void> {
  try {
    readCompiledDraft(ctx);
    await prepareFlatMap(ctx, signal);
  } catch (error) {
    // A file that is damaged, or was closed meanwhile: whoever asks for something gets the sentence.
    if (!(error instanceof Error)) throw error;
  }
}
