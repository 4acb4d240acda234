import type { HostId } from '../../shared/model/ids.ts';
import type { BackendContext } from './backend-context.ts';

/** The last work that was begun or waits on a host, in this process. */
const taken = new Map<HostId, Promise<void>>();
/** Rounds under way in this process; a push ends them, and waits until nothing of theirs is left on a host. */
const rounds = new Set<Round>();

type Of = Pick<BackendContext, 'workspace'>;
type Round = { readonly of: Of['workspace']; readonly stop: () => void; readonly ended: Promise<void> };
const roundsOf = ({ workspace }: Of): Round[] => [...rounds].filter(({ of }) => of === workspace);

/** Whether work in this process has the host. */
export const isTaken = (host: HostId): boolean => taken.has(host);

/**
 * Does the work once all that has the host in this process is done: two collections, or one and an install, never meet there. Must not be called from within itself for the same host.
 * Another process is kept from harm by the transactions of the drain, which stores no snapshot twice.
 */
export async function inTurn<T>(host: HostId, work: () => Promise<T>): Promise<T> {
  const before = taken.get(host);
  const turn = Promise.withResolvers<void>();
  taken.set(host, turn.promise);
  try {
    await before;
    return await work();
  } finally {
    if (taken.get(host) === turn.promise) taken.delete(host);
    turn.resolve();
  }
}

/** Call the result when the round is over. */
export function enterRound({ workspace }: Of, stop: () => void): () => void {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const round: Round = { of: workspace, stop, ended };
  rounds.add(round);
  return () => {
    rounds.delete(round);
    resolve();
  };
}

export const isRoundUnderWay = (ctx: Of): boolean => roundsOf(ctx).length > 0;

/** Resolves when every round of this console has ended: at once where there is none. */
export async function endRounds(ctx: Of): Promise<void> {
  const open = roundsOf(ctx);
  for (const { stop } of open) stop();
  await Promise.all(open.map(({ ended }) => ended));
}
