import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { listHosts } from '../db/host-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { isDraftChanged } from './draft.ts';

export type WorkspaceInfo = { path: string; readOnly: boolean; hosts: number; version: PolicyVersionId | null; draftChanged: boolean; user: string };

/** `version` is the newest that was made; null before the first push. */
export function readWorkspaceInfo(ctx: BackendContext): WorkspaceInfo {
  return {
    path: ctx.workspace.path,
    readOnly: false,
    hosts: listHosts(ctx.workspace.read).length,
    version: findNewestVersion(ctx.workspace.read)?.id ?? null,
    draftChanged: isDraftChanged(ctx),
    user: ctx.user,
  };
}
