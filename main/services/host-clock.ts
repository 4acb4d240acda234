import type { HostId } from '../../shared/model/ids.ts';
import { saveClockOffset } from '../db/recording-hours-store.ts';
import type { BackendContext } from './backend-context.ts';

/** Beyond this a host's times are worth a word; answers themselves take seconds. */
export const TOLERATED_CLOCK_MS = 120_000;
const UNITS: readonly [string, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** What is wrong with a host's clock (epoch seconds, as it just said), as a part of a sentence; empty when nothing is. Pure. */
export function describeClock(clockSeconds: number, nowMs: number): string {
  const aheadMs = clockSeconds * 1000 - nowMs;
  const size = Math.abs(aheadMs);
  if (size <= TOLERATED_CLOCK_MS) return '';
  const [unit, unitMs] = UNITS.find(([, ms]) => size >= ms) ?? ['minute', 60_000];
  const count = Math.round(size / unitMs);
  return `; ITS CLOCK IS ${count} ${unit}${count === 1 ? '' : 's'} ${aheadMs > 0 ? 'AHEAD' : 'BEHIND'}, so that what it records is misdated or cannot be placed`;
}

/** Keeps how far off the host's clock was. It told a whole second at some time between `askedAtMs` and now, so that the offset is right to about a second. */
export function noteClock(ctx: BackendContext, host: HostId, clockSeconds: number, askedAtMs: number): void {
  const offsetMs = Math.round(clockSeconds * 1000 + 500 - (askedAtMs + ctx.nowMs()) / 2);
  // Half a million years is as far as a column of ours needs to go.
  if (Number.isSafeInteger(offsetMs)) ctx.workspace.transaction((tx) => saveClockOffset(tx, host, ctx.nowMs(), offsetMs));
}
