import { randomUUID } from 'node:crypto';
import { type ConsoleLock, findConsoleLock, readInode, removeConsoleLock, saveConsoleLock } from '../db/console-lock-store.ts';
import type { Workspace } from '../db/open-workspace.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { isAlive, thisProcess } from './push-owner.ts';

/** Whether this console writes the workspace, or another one does. */
export type ConsoleHold = { readonly kind: 'ours'; release(): void } | { readonly kind: 'others'; readonly lock: ConsoleLock };

/**
 * Takes the workspace for a window, unless the window of another living process has it. The lock dies with its process (pid and start time), so nothing has
 * to be cleaned up after a crash; only windows take it. The command line writes beside it in transactions of its own, which windows see within a second.
 */
export function takeConsoleLock(workspace: Workspace, who: { user: string; nowMs: number }): ConsoleHold {
  const inode = readInode(workspace.path);
  const token = randomUUID();
  const lock = workspace.transaction((tx) => {
    const held = findConsoleLock(tx, inode);
    if (held !== undefined && held.pid !== process.pid && isAlive(held)) return held;
    const ours = { ...thisProcess(), token, user: who.user, sinceMs: who.nowMs, inode };
    saveConsoleLock(tx, ours);
    return ours;
  });
  if (lock.token !== token) return { kind: 'others', lock };
  return { kind: 'ours', release: () => releaseLock(workspace, token) };
}

/** In a file that was damaged meanwhile the lock stays, and dies with this process: it must not keep anybody from closing the file, or from going back to a backup. */
function releaseLock(workspace: Workspace, token: string): void {
  try {
    workspace.transaction((tx) => removeConsoleLock(tx, token));
  } catch (error) {
    if (!(error instanceof FirebreakError && error.code === 'WORKSPACE_DAMAGED')) throw error;
  }
}

/** The living console of another process that has the workspace; null where there is none. Reads only. */
export function findForeignHolder(workspace: Pick<Workspace, 'path' | 'read'>): ConsoleLock | null {
  const held = findConsoleLock(workspace.read, readInode(workspace.path));
  return held !== undefined && held.pid !== process.pid && isAlive(held) ? held : null;
}

export const heldBy = (path: string, { user, pid, sinceMs }: ConsoleLock): FirebreakError<'WORKSPACE_HELD'> => new FirebreakError('WORKSPACE_HELD', { path, user, pid, sinceMs });

/** The same workspace, of which nothing can be changed: every write is refused by who holds it. */
export function withoutWriting(workspace: Workspace, lock: ConsoleLock): Workspace {
  const refuse = (): never => {
    throw heldBy(workspace.path, lock);
  };
  return { ...workspace, transaction: refuse, compact: refuse };
}
