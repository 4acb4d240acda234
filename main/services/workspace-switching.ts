import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { RestoreDone } from '../../shared/contract/workspaces.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { createWorkspace } from '../db/create-workspace.ts';
import { openWorkspace } from '../db/open-workspace.ts';
import { isSample } from '../db/sample-mark.ts';
import type { BackendContext } from './backend-context.ts';
import { findForeignHolder, heldBy } from './console-lock.ts';
import { restoreWorkspace } from './restore-workspace.ts';
import type { WorkspaceSwitch } from './workspace-switch.ts';
import { resolveTyped } from './workspace-paths.ts';

/** @throws WINDOW_NEEDED */
function getConsole(ctx: BackendContext): WorkspaceSwitch {
  if (ctx.console === null) throw new FirebreakError('WINDOW_NEEDED', {});
  return ctx.console;
}

/** Each of these changes what the next load of the page gets. @throws WINDOW_NEEDED, and what `WorkspaceSwitch.open` throws; the open workspace stays then */
export function openAnother(ctx: BackendContext, typed: string): { path: string } {
  const path = resolveTyped(typed, ctx.workspace.path);
  getConsole(ctx).open(path);
  return { path };
}

/** Makes an empty one and opens it; a name without an ending gets `.firebreak`. @throws WORKSPACE_EXISTS · FILE_NOT_WRITABLE */
export function createAnother(ctx: BackendContext, typed: string): { path: string } {
  const resolved = resolveTyped(typed, ctx.workspace.path);
  const path = extname(resolved) === '' ? `${resolved}.firebreak` : resolved;
  const console = getConsole(ctx);
  createWorkspace(path);
  console.open(path);
  return { path };
}

/** Opens the same file for writing. @throws WORKSPACE_HELD while the other console lives */
export function takeOver(ctx: BackendContext): { path: string } {
  const { path } = ctx.workspace;
  const holder = findForeignHolder(ctx.workspace);
  if (holder !== null) throw heldBy(path, holder);
  getConsole(ctx).open(path);
  return { path };
}

/** Goes back to a backup and opens the result. @throws WORKSPACE_HELD, and what `restoreWorkspace` throws */
export async function restoreOpen(ctx: BackendContext, { backup, replace }: { backup: string; replace: boolean }): Promise<RestoreDone> {
  const { path } = ctx.workspace;
  if (ctx.heldBy !== null) throw heldBy(path, ctx.heldBy);
  const console = getConsole(ctx);
  const done = await restoreWorkspace({ path, backup: resolveTyped(backup, path), replace, user: ctx.user, nowMs: ctx.nowMs() });
  console.open(path);
  return done;
}

/** The sample beside the open workspace, made by `make` where there is none yet, or `anew`. */
export async function openSample(ctx: BackendContext, anew: boolean, make: (path: string) => Promise<unknown>): Promise<{ path: string; made: boolean }> {
  const console = getConsole(ctx);
  const path = samplePath(dirname(ctx.workspace.path), anew);
  const made = !existsSync(path);
  if (made) await make(path);
  console.open(path);
  return { path, made };
}

/** `sample.firebreak`, or the first `sample-N.firebreak` that is free, or that is a sample where one may be opened again. */
function samplePath(folder: string, anew: boolean): string {
  for (let n = 1; ; n += 1) {
    const path = join(folder, n === 1 ? 'sample.firebreak' : `sample-${n}.firebreak`);
    if (!existsSync(path) || (!anew && isSampleFile(path))) return path;
  }
}

function isSampleFile(path: string): boolean {
  const workspace = openWorkspace(path);
  try {
    return isSample(workspace.read);
  } finally {
    workspace.close();
  }
}
