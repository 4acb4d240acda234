import type { AgentStatus } from '../../shared/contract/agent-replies.ts';

/** One load on one host: the push's id, the bundle that was sent, and the one that ran before (null: none was known). */
export type Load = { pushId: string; bundle: string; formerBundle: string | null };

/**
 * What a host did with a load, by its own status read back from kernel and disk:
 * `confirmed` runs it for good · `pending` runs it until its deadline · `rolled-back` runs the former one ·
 * `other` runs neither, or waits for somebody else's push. Pure.
 */
export type Truth =
  | { kind: 'confirmed'; detail: string }
  | { kind: 'pending'; detail: string; secondsLeft: number }
  | { kind: 'rolled-back'; detail: string }
  | { kind: 'other'; detail: string };

const short = (hash: string | null) => (hash === null ? 'nothing' : hash.slice(0, 12));

export function judgeStatus(status: AgentStatus, load: Load): Truth {
  const { pending } = status;
  if (pending !== null && pending.id === load.pushId) {
    const secondsLeft = Math.max(0, pending.secondsLeft);
    return { kind: 'pending', secondsLeft, detail: `the new rules are loaded; the host takes them back in ${Math.ceil(secondsLeft)} s` };
  }
  const end = status.last !== null && status.last.id === load.pushId ? ` (${status.last.event})` : '';
  if (pending !== null) return { kind: 'other', detail: `push ${pending.id} by ${pending.by} is pending there` };
  if (!status.loaded) return { kind: 'other', detail: 'no rules of ours are loaded there' };
  if (status.runningBundle === load.bundle && status.confirmedBundle === load.bundle) {
    return { kind: 'confirmed', detail: `runs ${short(load.bundle)}, confirmed` };
  }
  if (status.runningBundle === load.formerBundle) return { kind: 'rolled-back', detail: `runs its former rules ${short(load.formerBundle)} again${end}` };
  return { kind: 'other', detail: `runs ${short(status.runningBundle)}, which is neither the new nor the former bundle${end}` };
}

/**
 * Why the loaded rules must not be confirmed, or null when they are proved: this push is the pending one, its bundle is what runs, and
 * the kernel holds what the host had right after loading. Pure.
 */
export function findDisproof(status: AgentStatus, load: Load): string | null {
  if (!status.loaded) return 'the table is not loaded';
  if (status.pending === null) return 'nothing is pending there any more; the host has taken the rules back';
  if (status.pending.id !== load.pushId) return `push ${status.pending.id} by ${status.pending.by} is pending there, not this one`;
  if (status.pending.bundle !== load.bundle) return `the pending bundle is ${short(status.pending.bundle)}, not ${short(load.bundle)}`;
  if (status.runningBundle !== load.bundle) return `it runs ${short(status.runningBundle)}, not ${short(load.bundle)}`;
  if (status.kernelHash === null || status.expectedKernelHash === null) return 'the host could not read its own rules back';
  if (status.kernelHash !== status.expectedKernelHash) return 'the rules in the kernel are not those that were loaded; somebody changed them';
  return null;
}
