import type { BackendContext } from './backend-context.ts';

/**
 * What `read` gives of a workspace, read again only once anything was written to it, here or by another process (but for what is written aside: Workspace.transaction). The value is shared by all who ask: nobody changes it.
 * For what depends on the file alone: neither on the clock nor on who asks.
 */
export function keptUntilWritten<T>(read: (db: BackendContext['workspace']['read']) => T): (ctx: Pick<BackendContext, 'workspace'>) => T {
  const kept = new WeakMap<BackendContext['workspace'], { readonly stamp: string; readonly value: T }>();
  return ({ workspace }) => {
    // Before it is read: what is written meanwhile by another process gives another stamp, and so one reading too many, never one too few.
    const stamp = workspace.changeStamp();
    const known = kept.get(workspace);
    if (known?.stamp === stamp) return known.value;
    const value = read(workspace.read);
    kept.set(workspace, { stamp, value });
    return value;
  };
}
