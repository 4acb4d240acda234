import type { WorkspaceInfo } from '../../shared/contract/workspaces.ts';
import { sizeOf } from '../db/copy-workspace.ts';
import { countHosts } from '../db/host-store.ts';
import { isSample } from '../db/sample-mark.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isDraftChanged } from './draft.ts';
import { isAlive } from './push-owner.ts';

export function readWorkspaceInfo(ctx: BackendContext): WorkspaceInfo {
  const { path, read } = ctx.workspace;
  return {
    path,
    readOnly: ctx.heldBy !== null,
    holder: ctx.heldBy === null ? null : { user: ctx.heldBy.user, pid: ctx.heldBy.pid, sinceMs: ctx.heldBy.sinceMs, isAlive: isAlive(ctx.heldBy) },
    sample: isSample(read),
    hosts: countHosts(read),
    version: findNewestVersion(read)?.id ?? null,
    draftChanged: isDraftChanged(ctx),
    user: ctx.user,
    bytes: sizeOf(path),
  };
}
