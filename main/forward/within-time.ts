/** How long a destination may take, and what ends it before. */
export type SendLimits = { readonly timeoutMs: number; readonly signal: AbortSignal };

/**
 * What `work` gives, or a throw with `what` as soon as the time is over or the signal aborts, whatever `work` does: an open of a file on a share that is gone, or a question to a name
 * server, can be ended by nobody. Such work goes on without anybody who waits for it; `work` gets a signal that tells it so. `graceMs`: so long it may go on after the signal aborts, to
 * end what would have to be done again.
 */
export async function withinTime<T>({ timeoutMs, signal, graceMs = 0 }: SendLimits & { readonly graceMs?: number }, what: string, work: (givenUp: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error(`${what} within ${timeoutMs / 1000} s`)), timeoutMs);
  let grace: NodeJS.Timeout | undefined;
  const giveUpNow = () => late.abort(new Error('sending was stopped'));
  const stop = () => {
    if (graceMs === 0) giveUpNow();
    else grace = setTimeout(giveUpNow, graceMs);
  };
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<T>((resolve, reject) => {
      const giveUp = () => reject(late.signal.reason instanceof Error ? late.signal.reason : new Error(what));
      if (late.signal.aborted) giveUp();
      late.signal.addEventListener('abort', giveUp, { once: true });
      work(late.signal).then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    clearTimeout(grace);
    signal.removeEventListener('abort', stop);
  }
}
