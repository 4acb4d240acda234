import { appendAudit } from '../db/audit-store.ts';
import type { WrittenAside } from '../db/open-workspace.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import type { ChangeGroup } from './change-bus.ts';

/** `action` is `group.verb` as in the contract, `subject` the object's name, `detail` one line for people, without secrets. */
export type Change = { action: string; subject: string; detail: string; groups: readonly ChangeGroup[] };

/**
 * The one way in which a command writes: the change and its audit entry in one transaction, then the event to the windows.
 * `work` must not be async. A throw leaves neither the change nor the entry.
 */
export function recordChange<T>(ctx: BackendContext, change: Change, work: (tx: WriteDb) => T): T {
  const result = ctx.workspace.transaction((tx) => recordWithin(ctx, tx, change, work));
  ctx.changes.emit([...change.groups, 'audit']);
  return result;
}

/** The same as a part of a transaction of the caller's, who tells the windows when it is over. */
export function recordWithin<T>(ctx: BackendContext, tx: WriteDb, { action, subject, detail }: Omit<Change, 'groups'>, work: (tx: WriteDb) => T): T {
  const made = work(tx);
  appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action, subject, detail });
  return made;
}

/** For what no person commanded (flows drained, a status read): stored and told, but not audited. `writes`: see Workspace. */
export function recordObservation<T>(ctx: BackendContext, groups: readonly ChangeGroup[], work: (tx: WriteDb) => T, writes?: WrittenAside): T {
  const result = ctx.workspace.transaction(work, writes);
  ctx.changes.emit(groups);
  return result;
}
