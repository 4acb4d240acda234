import type { CopyMade } from '../../shared/contract/workspaces.ts';
import type { BackendContext } from './backend-context.ts';
import { recordChange } from './record-change.ts';
import { resolveTyped, stampOf } from './workspace-paths.ts';

/**
 * Copies the workspace while it is in use. `typed` null: `FILE.TIME.backup` beside it. A workspace that is only looked at can be copied too, and then has no entry about it.
 * @throws WORKSPACE_EXISTS · FILE_NOT_WRITABLE · WORKSPACE_READ_ONLY · DISK_FULL
 */
export async function copyOpenWorkspace(ctx: BackendContext, action: 'workspace.backUp' | 'workspace.duplicate', typed: string | null): Promise<CopyMade> {
  const path = typed === null ? `${ctx.workspace.path}.${stampOf(ctx.nowMs())}.backup` : resolveTyped(typed, ctx.workspace.path);
  const bytes = await ctx.workspace.copyTo(path);
  if (ctx.heldBy === null) recordChange(ctx, { action, subject: path, detail: `${bytes} bytes`, groups: [] }, () => undefined);
  return { path, bytes };
}

/** Gives back what deleted flows and hosts left free. @throws WORKSPACE_HELD · DISK_FULL */
export function compactOpenWorkspace(ctx: BackendContext): { bytesBefore: number; bytesAfter: number } {
  const sizes = ctx.workspace.compact();
  recordChange(ctx, { action: 'workspace.compact', subject: ctx.workspace.path, detail: `${sizes.bytesBefore} → ${sizes.bytesAfter} bytes`, groups: ['hosts'] }, () => undefined);
  return sizes;
}
