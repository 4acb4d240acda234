/** `2026-11-21 10:03Z`. */
export const timeText = (epochMs: number): string => `${new Date(epochMs).toISOString().slice(0, 16).replace('T', ' ')}Z`;

/** `0 min`, `59 min`, `47 h`, `2 d`: the largest unit of which there is more than one day's worth; rounded down, never negative. */
export function ageText(ageMs: number): string {
  const minutes = Math.max(0, Math.floor(ageMs / 60_000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}
