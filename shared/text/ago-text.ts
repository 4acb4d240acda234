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
