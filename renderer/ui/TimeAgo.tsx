import { useSyncExternalStore } from 'react';
import { agoText } from '../../shared/text/ago-text.ts';
import { useLook } from './look.ts';

const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (timer === undefined) {
    // Nobody watched until now: the last reading may be hours old.
    nowMs = Date.now();
    timer = setInterval(() => {
      nowMs = Date.now();
      for (const each of listeners) each();
    }, 15_000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** Epoch ms, refreshed every 15 s for all who watch it together. */
export const useNowMs = (): number => useSyncExternalStore(subscribe, () => nowMs);

const formats = {
  local: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' }),
  utc: new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }),
} as const;
const words = { local: 'local time', utc: 'UTC' } as const;

/** Date and time to the second, in the zone that the settings say. */
export function exactTime(atMs: number): string {
  const { times } = useLook.getState();
  return `${formats[times].format(atMs)}${times === 'utc' ? ' UTC' : ''}`;
}

/** The same in both zones, the chosen one first, for tooltips. */
export function bothTimes(atMs: number): string {
  const { times } = useLook.getState();
  const other = times === 'utc' ? 'local' : 'utc';
  return `${formats[times].format(atMs)} ${words[times]}\n${formats[other].format(atMs)} ${words[other]}`;
}

export function TimeAgo({ atMs }: { readonly atMs: number | null }) {
  const now = useNowMs();
  if (atMs === null) return <span className="muted">never</span>;
  return (
    <time dateTime={new Date(atMs).toISOString()} title={bothTimes(atMs)}>
      {agoText(atMs, Math.max(now, Date.now()))}
    </time>
  );
}
