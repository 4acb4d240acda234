import type { Pattern } from './sample-traffic.ts';
import type { Random } from '../../shared/seeded-random.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Before the last week a steady conversation is told in every fourth hour, with four times as much: the picture is the same, the file a third. */
const DENSE_MS = 7 * DAY_MS;
const SPARSE_HOURS = 4;

export type Sighting = { readonly atMs: number; readonly connections: number };

/** When something of this pattern was seen from `fromMs` up to `untilMs`, oldest first, at most once an hour; the same for the same numbers drawn. `endMs` is the end of the story. Pure but for `random`. */
export function listSightings(random: Random, { pattern, perHour }: { pattern: Pattern; perHour: number }, { fromMs, untilMs, endMs }: { fromMs: number; untilMs: number; endMs: number }): Sighting[] {
  const seen: Sighting[] = [];
  for (let hourMs = Math.ceil(fromMs / HOUR_MS) * HOUR_MS; hourMs < untilMs; hourMs += HOUR_MS) {
    const weight = weightOf(pattern, hourMs, endMs, random);
    if (weight === 0) continue;
    const isSparse = pattern === 'steady' && endMs - hourMs > DENSE_MS;
    if (isSparse && (hourMs / HOUR_MS) % SPARSE_HOURS !== 0) continue;
    const connections = Math.round(perHour * weight * (isSparse ? SPARSE_HOURS : 1) * (0.6 + random.below(800) / 1000));
    const atMs = Math.min(hourMs + random.below(HOUR_MS - 1), untilMs - 1);
    if (connections > 0) seen.push({ atMs, connections });
  }
  return seen;
}

/** How much of its rate a pattern has in the hour; 0: nothing. Hours are UTC. */
function weightOf(pattern: Pattern, hourMs: number, endMs: number, random: Random): number {
  const date = new Date(hourMs);
  const [hour, day] = [date.getUTCHours(), date.getUTCDay()];
  const isWorkday = day >= 1 && day <= 5;
  if (pattern === 'steady') return hour >= 7 && hour < 22 ? 1.2 : 0.7;
  if (pattern === 'office-hours') return isWorkday && hour >= 7 && hour < 17 && random.chance(0.75) ? 1 : 0;
  if (pattern === 'shopping') return random.chance(hour >= 17 && hour < 22 ? 0.06 : hour >= 6 ? 0.025 : 0.004) ? 1 : 0;
  if (pattern === 'nightly') return hour === 1 ? 1 : 0;
  if (pattern === 'sunday-night') return day === 0 && hour >= 2 && hour < 5 ? 1 : 0;
  if (pattern === 'scan-night') return day === 2 && (hour === 23 || hour === 22) && endMs - hourMs < 2 * DENSE_MS && endMs - hourMs > 4 * DAY_MS ? 1 : 0;
  return isWorkday && hour >= 8 && hour < 18 && random.chance(0.04) ? 1 : 0;
}
