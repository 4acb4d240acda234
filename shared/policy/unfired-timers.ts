/** A systemd timer of a host as its facts have it: when it last fired and fires next, epoch ms; null is never. */
export type TimerEvidence = { readonly unit: string; readonly lastFiredAtMs: number | null; readonly nextFiresAtMs: number | null };

/** A timer that has not fired since observation began on these hosts; the earliest time at which it will. */
export type UnfiredTimer = { readonly unit: string; readonly hosts: readonly string[]; readonly nextFiresAtMs: number };

type TimersOfHost = { readonly name: string; readonly observedSinceMs: number | null; readonly timers: readonly TimerEvidence[] };

/**
 * What such a timer starts was never seen on the network, and enforcing may cut it. Timers that will not fire (disabled) and the agent's own are left out; on a host
 * without recordings none has fired. Soonest first.
 */
export function listUnfired(hosts: readonly TimersOfHost[]): UnfiredTimer[] {
  const byUnit = new Map<string, { hosts: string[]; nextFiresAtMs: number }>();
  for (const { name, observedSinceMs, timers } of hosts) {
    for (const { unit, lastFiredAtMs, nextFiresAtMs } of timers) {
      const hasFired = observedSinceMs !== null && lastFiredAtMs !== null && lastFiredAtMs >= observedSinceMs;
      if (hasFired || nextFiresAtMs === null || unit.startsWith('firebreak-')) continue;
      const known = byUnit.get(unit) ?? { hosts: [], nextFiresAtMs };
      known.hosts.push(name);
      known.nextFiresAtMs = Math.min(known.nextFiresAtMs, nextFiresAtMs);
      byUnit.set(unit, known);
    }
  }
  return [...byUnit].map(([unit, rest]) => ({ unit, ...rest })).sort((a, b) => a.nextFiresAtMs - b.nextFiresAtMs || (a.unit < b.unit ? -1 : 1));
}

const NAMED = 5;

/** `fstrim.timer on db-1 (next 2026-01-19 00:10Z)`; several hosts as a number, five timers and how many more. */
export function describeTimers(unfired: readonly UnfiredTimer[]): string {
  const told = unfired.slice(0, NAMED).map(({ unit, hosts, nextFiresAtMs }) => {
    const where = hosts.length === 1 ? hosts[0] : `${hosts.length} hosts`;
    return `${unit} on ${where} (next ${timeText(nextFiresAtMs)})`;
  });
  return told.join(', ') + (unfired.length > NAMED ? ` and ${unfired.length - NAMED} more` : '');
}

/** A host may say anything: what is no time that a calendar has is shown as such. */
const timeText = (atMs: number): string => (Math.abs(atMs) <= 8.64e15 ? `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')}Z` : 'unknown');
