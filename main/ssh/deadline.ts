import { FirebreakError } from '../../shared/errors.ts';

/** A running time limit. `signal.reason` is always the error to throw. `stop` must be called, or the timer keeps the process alive. */
export type Deadline = { signal: AbortSignal; stop: () => void };

export type DeadlineOptions = { timeoutMs: number; signal: AbortSignal | undefined; doing: string; timeoutError: () => Error };

/** Starts now; aborts with `timeoutError()` after `timeoutMs`, or with ABORTED as soon as the caller's signal does. */
export function startDeadline({ timeoutMs, signal, doing, timeoutError }: DeadlineOptions): Deadline {
  const controller = new AbortController();
  const onAbort = () => controller.abort(new FirebreakError('ABORTED', { doing }));
  const timer = setTimeout(() => controller.abort(timeoutError()), timeoutMs);
  const stop = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  if (signal?.aborted === true) onAbort();
  else signal?.addEventListener('abort', onAbort, { once: true });
  return { signal: controller.signal, stop };
}

/** Settles as `work` does, or rejects with the signal's reason as soon as it aborts; `work` itself goes on. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** `work` under a time limit that starts now. */
export async function withDeadline<T>(work: Promise<T>, options: DeadlineOptions): Promise<T> {
  const deadline = startDeadline(options);
  try {
    return await untilAborted(work, deadline.signal);
  } finally {
    deadline.stop();
  }
}
