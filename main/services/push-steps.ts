import type { Push, PushStep } from '../../shared/model/diff.ts';

/**
 * Which step may follow which on one host. `failed` means that the push gave up on the host while it may still hold the new rules:
 * it is left only for what was then read back from it. `unknown` is left by reconciling. Everything else without a successor is final.
 */
const NEXT: { readonly [Step in PushStep]: readonly PushStep[] } = {
  planned: ['checking', 'skipped', 'failed'],
  checking: ['checked', 'failed', 'skipped', 'away'],
  checked: ['applying', 'skipped', 'failed'],
  applying: ['applied', 'failed', 'rolled-back', 'unknown', 'confirmed'],
  applied: ['proving', 'failed', 'rolled-back', 'unknown', 'confirmed'],
  proving: ['proved', 'failed', 'rolled-back', 'unknown', 'confirmed'],
  proved: ['confirming', 'failed', 'rolled-back', 'unknown', 'confirmed'],
  confirming: ['confirmed', 'failed', 'rolled-back', 'unknown'],
  confirmed: [],
  'rolled-back': [],
  failed: ['failed', 'rolled-back', 'unknown', 'confirmed'],
  skipped: [],
  // Until the others have confirmed; what did not get through elsewhere is not sent to it later.
  away: ['skipped'],
  unknown: ['confirmed', 'rolled-back', 'failed', 'unknown'],
};

/** Whether the host may go from one step to the other. Pure. */
export function canMove(from: PushStep, to: PushStep): boolean {
  return NEXT[from].includes(to);
}

const UNTOUCHED: readonly PushStep[] = ['planned', 'checking', 'checked', 'away'];
const LOADED: readonly PushStep[] = ['applying', 'applied', 'proving', 'proved', 'confirming', 'unknown'];

/** Nothing that changes rules was sent to the host yet, so that it surely runs what it ran before. */
export function isUntouched(step: PushStep): boolean {
  return UNTOUCHED.includes(step);
}

/** The host may hold the new rules, and only the host itself can say. */
export function needsReadBack(step: PushStep): boolean {
  return LOADED.includes(step);
}

type Outcome = Push['outcome'];

/**
 * What became of a push whose hosts ended in `steps`: `confirmed` when nothing failed, `partly` when some hosts confirmed and some did
 * not, `failed` when none did. A host that was skipped because nothing changes on it counts for neither side, and so does one that was
 * away; `stopped` says that hosts were skipped because the push stopped. Pure.
 */
export function outcomeOf(steps: readonly PushStep[], stopped: boolean): Outcome {
  const confirmed = steps.filter((step) => step === 'confirmed').length;
  const bad = steps.filter((step) => step !== 'confirmed' && step !== 'skipped' && step !== 'away').length;
  if (bad === 0 && !stopped) return 'confirmed';
  return confirmed > 0 ? 'partly' : 'failed';
}
