import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createWorkspace } from '../create-workspace.ts';
import { openWorkspace, type Workspace } from '../open-workspace.ts';

/** A real workspace file in a folder of its own; `remove` closes and deletes both. */
export type TemporaryWorkspace = { folder: string; path: string; workspace: Workspace; remove(): void };

export function makeFolder(): { folder: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-db-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export function makeWorkspace(): TemporaryWorkspace {
  const { folder, remove } = makeFolder();
  const path = join(folder, 'test.firebreak');
  createWorkspace(path);
  const workspace = openWorkspace(path);
  return {
    folder,
    path,
    workspace,
    remove: () => {
      workspace.close();
      remove();
    },
  };
}
