/** Beyond this a host's times are worth a word; answers themselves take seconds. */
const TOLERATED_MS = 120_000;
const UNITS: readonly [string, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** What is wrong with a host's clock (epoch seconds, as it just said), as a part of a sentence; empty when nothing is. Pure. */
export function describeClock(clockSeconds: number, nowMs: number): string {
  const aheadMs = clockSeconds * 1000 - nowMs;
  const size = Math.abs(aheadMs);
  if (size <= TOLERATED_MS) return '';
  const [unit, unitMs] = UNITS.find(([, ms]) => size >= ms) ?? ['minute', 60_000];
  const count = Math.round(size / unitMs);
  return `; ITS CLOCK IS ${count} ${unit}${count === 1 ? '' : 's'} ${aheadMs > 0 ? 'AHEAD' : 'BEHIND'}, so that what it records is misdated or cannot be placed`;
}
