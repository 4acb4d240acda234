/** `0.14 s`, `38 s`. */
export const secondsText = (ms: number): string => (ms < 10_000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms / 1000)} s`);

/** How much of a day is known. */
export function coveredText(coveredMs: number): string {
  const hours = Math.round(coveredMs / 3_600_000);
  if (hours >= 24) return 'a whole day';
  return hours === 0 ? 'less than an hour' : `${hours} h of a day`;
}
