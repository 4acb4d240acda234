import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { HostWarning } from '../../shared/contract/views.ts';
import type { FootprintLimits } from '../../shared/model/alert.ts';
import type { StoredFootprint } from '../db/footprint-store.ts';
import { listPassedLimits, type PassedLimit } from './footprint-limits.ts';

/** What is stored about one host. Whoever knows of another danger adds a member here and a line below. */
export type WarningEvidence = { managed: boolean; status: Pick<AgentStatus, 'timerEnabled' | 'bootUnitEnabled' | 'unresolved'> | null; footprint: StoredFootprint | undefined; /** Of the workspace. */ limits: FootprintLimits; /** When the bundle was made that nobody signed and that the host is known by. */ unsignedSinceMs?: number | null; bypasses?: readonly string[]; /** Answers to names in IP lists that changed since the host got its rules, a line each. */ nameDrift?: readonly string[]; /** Which machine it is, and whose its addresses are: identity-warnings.ts. */ identity?: readonly HostWarning[] };

/** What an admin should know of a host beside its state, worst first; empty when nothing is known to be wrong. Pure. */
export function listHostWarnings({ managed, status, footprint, limits, unsignedSinceMs = null, bypasses = [], nameDrift = [], identity = [] }: WarningEvidence): HostWarning[] {
  if (!managed) return [];
  // Known by the facts, whether or not the agent is there and says how it is.
  const passing = [
    ...identity,
    ...when(unsignedSinceMs !== null, 'UNSIGNED_BUNDLE', `Known by a bundle of ${new Date(unsignedSinceMs ?? 0).toISOString()} that nobody signed: whoever had the file can have written all of it.`),
    ...bypasses.map((text) => ({ code: 'BYPASS', text: `${text}.` })),
  ];
  if (status === null) return passing;
  return [
    ...passing,
    ...when(!status.timerEnabled, 'TIMER_OFF', 'Its timers are off: nothing is recorded hourly and nothing puts changed rules right.'),
    ...when(!status.bootUnitEnabled, 'BOOT_UNIT_OFF', 'Its boot unit is off: after a restart no rules of ours are loaded.'),
    ...when((status.unresolved ?? []).length > 0, 'UNRESOLVED_NAMES', `Rules for ${(status.unresolved ?? []).slice(0, 4).join(', ')} match nobody, or whom its directory named in the last week: the host does not have them now.`),
    ...when(nameDrift.length > 0, 'NAMES_DRIFTED', `Names in IP lists mean other addresses than the host runs: ${nameDrift.slice(0, 3).join('; ')}. The next push carries them.`),
    ...(footprint === undefined ? [] : listPassedLimits(footprint, limits).map((passed) => PASSED[passed.figure](passed))),
  ];
}

const PASSED: Readonly<Record<PassedLimit['figure'], (passed: PassedLimit) => HostWarning>> = {
  cpu: ({ value, limit }) => ({ code: 'FOOTPRINT_CPU', text: `The agent took ${value.toFixed(1)} % of one CPU over a day; its limit is ${limit} %.` }),
  latency: ({ value, limit }) => ({ code: 'FOOTPRINT_LATENCY', text: `Its rules added ${value.toFixed(1)} ms to the slowest hundredth of connects; the limit is ${limit} ms.` }),
  stored: ({ value, limit }) => ({ code: 'FOOTPRINT_STORED', text: `The agent stores ${Math.round(value)} MB; its limit is ${limit} MB. Collect, so that old snapshots are not lost.` }),
};

const when = (holds: boolean, code: string, text: string): HostWarning[] => (holds ? [{ code, text }] : []);
