import type { ErrorCode } from '../../shared/errors.ts';

/** What scripts and CI gates may rely on. */
export const EXIT = { done: 0, failed: 1, usage: 2, gate: 3 } as const;

const GATES: ReadonlySet<ErrorCode> = new Set(['PLAN_REFUSED', 'PLAN_STALE', 'GATE_CLOSED', 'MERGE_CONFLICT', 'MERGE_BASE_UNKNOWN']);

/** Exit code for a failure: wrong words on the command line are 2, a check that says no is 3, everything else 1. */
export function exitCodeOf(code: ErrorCode): number {
  if (code === 'INPUT_INVALID' || code === 'POLICY_FILE_INVALID') return EXIT.usage;
  return GATES.has(code) ? EXIT.gate : EXIT.failed;
}
