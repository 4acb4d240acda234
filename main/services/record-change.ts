import { appendAudit } from '../db/audit-store.ts';
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
  const result = ctx.workspace.transaction((tx) => {
    const made = work(tx);
    appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: change.action, subject: change.subject, detail: change.detail });
    return made;
  });
  ctx.changes.emit([...change.groups, 'audit']);
  return result;
}

/** For what no person commanded (flows drained, a status read): stored and told, but not audited. */
export function recordObservation<T>(ctx: BackendContext, groups: readonly ChangeGroup[], work: (tx: WriteDb) => T): T {
  const result = ctx.workspace.transaction(work);
  ctx.changes.emit(groups);
  return result;
}
