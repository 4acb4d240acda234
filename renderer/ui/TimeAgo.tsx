import { useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, 15_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Epoch ms, refreshed every 15 s for all who watch it together. */
export const useNowMs = (): number => useSyncExternalStore(subscribe, () => nowMs);

const steps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
] as const;

/** `3 min ago`, `just now`; a time in the future (a host's clock is ahead) reads `in 3 min`. */
export function agoText(atMs: number, now: number): string {
  const distanceMs = now - atMs;
  const step = steps.find(({ ms }) => Math.abs(distanceMs) >= ms);
  if (step === undefined) return 'just now';
  const text = `${Math.floor(Math.abs(distanceMs) / step.ms)} ${step.unit}`;
  return distanceMs < 0 ? `in ${text}` : `${text} ago`;
}

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
/** Local date and time to the second. */
export const exactTime = (atMs: number): string => exact.format(atMs);

export function TimeAgo({ atMs }: { readonly atMs: number | null }) {
  const now = useNowMs();
  if (atMs === null) return <span className="muted">never</span>;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={exactTime(atMs)}>
      {agoText(atMs, Math.max(now, Date.now()))}
    </time>
  );
}
