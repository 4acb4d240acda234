import type { ContainmentView } from '../../shared/contract/containment.ts';

const steps = [
  { unit: 'd', ms: 86_400_000 },
  { unit: 'h', ms: 3_600_000 },
  { unit: 'min', ms: 60_000 },
] as const;

/** `3 h 12 min`, the two largest units; below a minute in seconds. Empty when nothing is left. */
export function remainingText(endsAtMs: number, nowMs: number): string {
  const leftMs = endsAtMs - nowMs;
  if (leftMs <= 0) return '';
  if (leftMs < 60_000) return `${Math.ceil(leftMs / 1000)} s`;
  const first = steps.findIndex(({ ms }) => leftMs >= ms);
  let restMs = leftMs;
  const parts = steps.slice(first, first + 2).flatMap(({ unit, ms }) => {
    const count = Math.floor(restMs / ms);
    restMs -= count * ms;
    return count === 0 ? [] : [`${count} ${unit}`];
  });
  return parts.join(' ');
}

/** Those that hold on the host now, the quarantine first. */
export const containmentsOf = (all: readonly ContainmentView[], hostName: string, nowMs: number): readonly ContainmentView[] =>
  all
    .filter(({ containment, hosts, state }) => state === 'in-force' && hosts.includes(hostName) && nowMs < Date.parse(containment.endsAt))
    .toSorted((a, b) => Number(a.containment.kind === 'close') - Number(b.containment.kind === 'close'));
