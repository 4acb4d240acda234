import type { ZoneMode } from '../model/policy.ts';
import type { ReadinessCheck } from '../model/readiness.ts';
import { checkHosts, checkNeeds, checkRecord, checkTest } from './readiness-checks.ts';
import type { ReadinessEvidence } from './readiness-evidence.ts';
import { MEANINGS } from './readiness-meaning.ts';

/** What speaks for and against moving a zone to `mode`. Only `enforce` can be blocked: test drops nothing and observe judges nothing. */
export function checkReadiness(mode: ZoneMode, evidence: ReadinessEvidence): ReadinessCheck[] {
  if (mode === 'observe') return [];
  const serious = mode === 'enforce' ? 'blocker' : 'warning';
  const found = [...checkHosts(evidence), ...checkRecord(evidence, mode, serious), ...checkNeeds(evidence, mode), ...(mode === 'enforce' ? checkTest(evidence) : [])];
  return found.map((one) => ({ ...one, why: MEANINGS[one.check].why, detail: MEANINGS[one.check].detail(evidence.zone), waiver: null }));
}

const RANK: Record<ReadinessCheck['state'], number> = { blocker: 0, warning: 1, waived: 2, ok: 3 };

/** As people read them: what stops the move, then what is to be looked at; within a state in their own order. */
export const worstFirst = (checks: readonly ReadinessCheck[]): ReadinessCheck[] => checks.toSorted((a, b) => RANK[a.state] - RANK[b.state]);

/** The checks with what somebody overruled: a reason turns a blocker or a warning into a waived one, and says nothing of what is met. */
export function waiveChecks(checks: readonly ReadinessCheck[], waivers: readonly { readonly check: string; readonly reason: string }[], by: { readonly actor: string; readonly atMs: number }): ReadinessCheck[] {
  return checks.map((check) => {
    const waiver = check.state === 'ok' ? undefined : waivers.find((one) => one.check === check.check);
    return waiver === undefined ? check : { ...check, state: 'waived', waiver: { reason: waiver.reason, ...by } };
  });
}
