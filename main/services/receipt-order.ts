import type { AgentStatus } from '../../shared/contract/agent-replies.ts';

type Numbers = Pick<AgentStatus, 'bundleSeq' | 'eventSeq'>;

/**
 * By which numbers of the host `later` was written after `earlier`, whatever its clock says; null where they do not prove it. The number of the newest rules that were loaded there
 * comes from this console, is signed, and never falls; between two of the same rules that of the host's own events rises. Pure.
 */
export function proveLater(later: Numbers, earlier: Numbers): string | null {
  if (later.bundleSeq == null || earlier.bundleSeq == null || later.bundleSeq < earlier.bundleSeq) return null;
  if (later.bundleSeq > earlier.bundleSeq) return `rules number ${later.bundleSeq} were loaded there, after ${earlier.bundleSeq}`;
  return later.eventSeq != null && earlier.eventSeq != null && later.eventSeq > earlier.eventSeq ? `its events go on to number ${later.eventSeq}, after ${earlier.eventSeq}` : null;
}
