import type { Push } from '../../shared/model/diff.ts';

/** One push as one host went through it, oldest first in lists. `settled` says that the host ended it running `bundle`. */
export type Deployment = { kind: Push['kind']; bundle: string; formerBundle: string | null; settled: boolean };

/**
 * The bundle that a host goes back to, or null when there is none to go back to: a push puts its bundle on top of what the host ran,
 * a rollback takes the top away, so that rolling back twice goes back two steps and never forward again. A push that left a host
 * unchanged counts as a step, so that one rollback undoes one push on every host alike; `steps` over 1 goes back behind several.
 * Pure.
 */
export function findRollbackTarget(deployments: readonly Deployment[], runningBundle: string, steps = 1): string | null {
  const stack: (string | null)[] = [];
  for (const { kind, bundle, formerBundle, settled } of deployments) {
    if (!settled) continue;
    if (stack.length === 0) stack.push(formerBundle);
    if (kind === 'rollback') dropWhatWasUndone(stack, bundle);
    // What was really loaded: a rollback may have compiled the former policy anew.
    stack.push(bundle);
  }
  const top = stack.pop();
  // What runs is not what was last pushed (a new agent, another console): then the history says nothing about it.
  if (top !== runningBundle) return null;
  return stack.at(-steps) ?? null;
}

/** The top, and what lies above the bundle that was gone back to; where that was compiled anew, one step. */
function dropWhatWasUndone(stack: (string | null)[], bundle: string): void {
  stack.pop();
  const at = stack.lastIndexOf(bundle);
  stack.splice(at < 0 ? -1 : at);
}
