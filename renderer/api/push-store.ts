import { create } from 'zustand';
import type { Push } from '../../shared/model/diff.ts';

type PushState = {
  /** The push that this window started, as its stream last said; null before the first. */
  readonly push: Push | null;
  readonly isRunning: boolean;
  /** What the command failed with before or while it ran; a host's own failure is in `push`. */
  readonly error: unknown;
  readonly clear: () => void;
};

const idle = { push: null, isRunning: false, error: null };

/** The push under way. It outlives the screen: looking at the map meanwhile loses nothing. */
export const usePush = create<PushState>()((set) => ({ ...idle, clear: () => set(idle) }));

/** Runs a push or a rollback and keeps its latest state in the store. Never rejects. */
export async function runPush(start: () => Promise<AsyncIterable<Push>>): Promise<void> {
  usePush.setState({ push: null, isRunning: true, error: null });
  try {
    for await (const push of await start()) usePush.setState({ push });
  } catch (error) {
    usePush.setState({ error });
  }
  usePush.setState({ isRunning: false });
}
