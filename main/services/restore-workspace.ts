import { copyFileSync, existsSync, linkSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { appendAudit } from '../db/audit-store.ts';
import { overwriteWorkspace } from '../db/copy-workspace.ts';
import { raiseDraftRevision, readDraftRevision } from '../db/draft-store.ts';
import { openWorkspace, type Workspace } from '../db/open-workspace.ts';
import type { RestoreDone } from '../../shared/contract/workspaces.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import { findForeignHolder, heldBy } from './console-lock.ts';
import { listLosses } from './restore-losses.ts';
import { stampOf } from './workspace-paths.ts';

export type RestoreOrder = { path: string; backup: string; replace: boolean; user: string; nowMs: number };

/**
 * Makes the workspace at `path` what the backup has. The current file is kept beside it as `FILE.before-restore.TIME`, and the content is exchanged in one transaction. The backup
 * is not touched; one of an older format is brought up to date in a copy. Whoever has the file open must open it anew: what it keeps in memory is of the former content.
 * @throws RESTORE_LOSES unless `replace` · WORKSPACE_HELD · the WORKSPACE_… codes for the backup · DISK_FULL; nothing is changed then
 */
export async function restoreWorkspace(order: RestoreOrder): Promise<RestoreDone> {
  const path = resolve(order.path);
  const backup = resolve(order.backup);
  if (path === backup) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'backup', message: 'the backup is the open workspace itself; choose another file' }] });
  const folder = mkdtempSync(join(dirname(path), '.firebreak-restore-'));
  const preparedPath = join(folder, basename(path));
  try {
    copyBackup(backup, preparedPath);
    const prepared = openNaming(preparedPath, backup);
    const current = openCurrent(path);
    try {
      return await exchange({ ...order, path, backup }, preparedPath, { prepared, current });
    } finally {
      prepared.close();
      if (current.kind === 'open') current.workspace.close();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Codes after which the current file is as good as lost: going back is what helps. */
const CANNOT_BE_OPENED = ['WORKSPACE_DAMAGED', 'WORKSPACE_NOT_A_DATABASE', 'WORKSPACE_FROM_NEWER_VERSION'] as const;

type Current = { readonly kind: 'open'; readonly workspace: Workspace } | { readonly kind: 'missing' } | { readonly kind: 'broken'; readonly why: string };

async function exchange(order: RestoreOrder, preparedPath: string, { prepared, current }: { prepared: Workspace; current: Current }): Promise<RestoreDone> {
  const { path, backup } = order;
  const holder = current.kind === 'open' ? findForeignHolder(current.workspace) : null;
  if (holder !== null) throw heldBy(path, holder);
  const losses = current.kind === 'open' ? listLosses(current.workspace.read, prepared.read) : current.kind === 'broken' ? [`the whole current file, which cannot be opened (${current.why})`] : [];
  if (losses.length > 0 && !order.replace) throw new FirebreakError('RESTORE_LOSES', { path, backup, losses });
  const keptAt = current.kind === 'missing' ? null : `${path}.before-restore.${stampOf(order.nowMs)}`;
  if (current.kind === 'open' && keptAt !== null) await current.workspace.copyTo(keptAt);
  if (current.kind === 'broken' && keptAt !== null) moveAside(path, keptAt);
  prepared.transaction((tx) => {
    // Whoever has the file open knows its draft by this number.
    if (current.kind === 'open') raiseDraftRevision(tx, readDraftRevision(current.workspace.read) + 1);
    const detail = keptAt === null ? 'there was no file before' : `the former file is ${keptAt}`;
    appendAudit(tx, { atMs: order.nowMs, actor: order.user, action: 'workspace.restore', subject: backup, detail });
  });
  if (current.kind === 'open') {
    await overwriteWorkspace(preparedPath, path);
  } else {
    prepared.close();
    linkSync(preparedPath, path);
  }
  return { path, from: backup, keptAt, losses };
}

/** The log belongs to the content of a file that was not closed cleanly. */
function copyBackup(from: string, to: string): void {
  if (!existsSync(from)) throw new FirebreakError('WORKSPACE_NOT_FOUND', { path: from });
  try {
    for (const suffix of ['', '-wal']) if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
  } catch (error) {
    throw new FirebreakError('FILE_NOT_READABLE', { path: from, detail: error instanceof Error ? error.message : 'no reason given' }, { cause: error });
  }
}

/** What is wrong with the copy is wrong with the backup, whose name people know. */
function openNaming(path: string, backup: string): Workspace {
  try {
    return openWorkspace(path);
  } catch (error) {
    if (error instanceof FirebreakError && 'path' in error.payload) throw new FirebreakError(error.code, { ...error.payload, path: backup }, { cause: error });
    throw error;
  }
}

function openCurrent(path: string): Current {
  if (!existsSync(path)) return { kind: 'missing' };
  try {
    return { kind: 'open', workspace: openWorkspace(path) };
  } catch (error) {
    const why = CANNOT_BE_OPENED.find((code) => isFirebreakError(error, code));
    if (why === undefined) throw error;
    return { kind: 'broken', why };
  }
}

function moveAside(path: string, keptAt: string): void {
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, keptAt + suffix);
}
