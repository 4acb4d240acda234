/** What a window refetches when it changes; the names are groups of the contract. */
export const CHANGE_GROUPS = ['hosts', 'policy', 'flows', 'pushes', 'versions', 'audit', 'alerts'] as const;
export type ChangeGroup = (typeof CHANGE_GROUPS)[number];

export type ChangeBus = {
  emit(groups: readonly ChangeGroup[]): void;
  /** Never ends by itself; ends when `signal` aborts, the consumer returns, or the bus closes. Groups that change between two reads come as one event. */
  subscribe(signal?: AbortSignal): AsyncGenerator<{ groups: ChangeGroup[] }, void, void>;
  close(): void;
};

/** How often another process's writes to the workspace are looked for, while anybody listens. */
const POLL_INTERVAL_MS = 1000;

/** `dataVersion` (Workspace.dataVersion) changes when another process wrote; then every group may have changed. */
export function createChangeBus(dataVersion: () => number): ChangeBus {
  const wakers = new Set<(groups: readonly ChangeGroup[]) => void>();
  const stops = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  let seen = dataVersion();

  const emit = (groups: readonly ChangeGroup[]) => {
    for (const wake of wakers) wake(groups);
  };
  const poll = () => {
    const now = dataVersion();
    if (now !== seen) emit(CHANGE_GROUPS);
    seen = now;
  };
  const startPolling = () => {
    timer ??= setInterval(poll, POLL_INTERVAL_MS).unref();
  };
  const stopPollingWhenAlone = () => {
    if (wakers.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };

  async function* subscribe(signal?: AbortSignal): AsyncGenerator<{ groups: ChangeGroup[] }, void, void> {
    const pending = new Set<ChangeGroup>();
    let stopped = signal?.aborted ?? false;
    let resume = () => {};
    const wake = (groups: readonly ChangeGroup[]) => {
      for (const group of groups) pending.add(group);
      resume();
    };
    const stop = () => {
      stopped = true;
      resume();
    };
    wakers.add(wake);
    stops.add(stop);
    signal?.addEventListener('abort', stop);
    startPolling();
    try {
      while (!stopped) {
        if (pending.size === 0)
          await new Promise<void>((resolve) => {
            resume = resolve;
          });
        if (pending.size === 0) continue;
        const groups = [...pending];
        pending.clear();
        yield { groups };
      }
    } finally {
      wakers.delete(wake);
      stops.delete(stop);
      signal?.removeEventListener('abort', stop);
      stopPollingWhenAlone();
    }
  }

  const close = () => {
    for (const stop of stops) stop();
    clearInterval(timer);
  };
  return { emit, subscribe, close };
}
