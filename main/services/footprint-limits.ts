import type { FootprintLimits } from '../../shared/model/alert.ts';
import type { StoredFootprint } from '../db/footprint-store.ts';

const BYTES_A_MEGABYTE = 1_048_576;

/** `value` and `limit` in the units of the limits: % of one CPU, ms added to the slowest hundredth of connects, MB stored. */
export type PassedLimit = { readonly figure: 'cpu' | 'latency' | 'stored'; readonly value: number; readonly limit: number };

/** What is above its limit; a limit that is only met is not passed, and what was not measured passes none. Pure. */
export function listPassedLimits({ summary, latency }: StoredFootprint, limits: FootprintLimits): PassedLimit[] {
  const all: PassedLimit[] = [
    { figure: 'cpu', value: summary?.cpuPercent ?? 0, limit: limits.cpuPercent },
    { figure: 'latency', value: latency === null ? 0 : (latency.withP99Us - latency.withoutP99Us) / 1000, limit: limits.addedLatencyMs },
    { figure: 'stored', value: (summary?.storedBytes ?? 0) / BYTES_A_MEGABYTE, limit: limits.storedMegabytes },
  ];
  return all.filter(({ value, limit }) => value > limit);
}
