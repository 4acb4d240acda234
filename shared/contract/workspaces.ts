import { z } from 'zod';
import { PolicyVersionId } from '../model/ids.ts';

/** The console whose window writes the workspace; `isAlive` false: its process has ended, and it can be taken over. */
export const WorkspaceHolder = z.strictObject({ user: z.string(), pid: z.number().int(), sinceMs: z.number(), isAlive: z.boolean() });
export type WorkspaceHolder = z.infer<typeof WorkspaceHolder>;

export const WorkspaceInfo = z.strictObject({
  path: z.string(),
  /** Another console has it, `holder`; nothing can be changed here, and no host is asked. */
  readOnly: z.boolean(),
  holder: WorkspaceHolder.nullable(),
  /** The generated sample: made-up hosts that are never connected to. */
  sample: z.boolean(),
  hosts: z.number().int(),
  /** Newest that was made; null before the first push. */
  version: PolicyVersionId.nullable(),
  draftChanged: z.boolean(),
  user: z.string(),
  /** As it lies on the disk. */
  bytes: z.number().int(),
});
export type WorkspaceInfo = z.infer<typeof WorkspaceInfo>;

/** `bytes` and `changedAtMs` null: it is not there any more. */
export const RecentWorkspace = z.strictObject({ path: z.string(), openedAtMs: z.number(), bytes: z.number().int().nullable(), changedAtMs: z.number().int().nullable() });
export type RecentWorkspace = z.infer<typeof RecentWorkspace>;

/** `~/` is the user's own folder; what is no absolute path lies beside the open workspace. */
export const FilePath = z.string().trim().min(1, 'name a file').max(4096);

export const CopyMade = z.strictObject({ path: z.string(), bytes: z.number().int() });
export type CopyMade = z.infer<typeof CopyMade>;

/** `keptAt`: where the former file lies; null when there was none. `losses`: what it had and the backup had not, one line each, possibly none. */
export const RestoreDone = z.strictObject({ path: z.string(), from: z.string(), keptAt: z.string().nullable(), losses: z.array(z.string()) });
export type RestoreDone = z.infer<typeof RestoreDone>;

export const CompactDone = z.strictObject({ bytesBefore: z.number().int(), bytesAfter: z.number().int() });

/** Which files of a folder are shown: workspaces and their backups, or all ordinary ones that are not hidden. */
export const FolderFiles = z.enum(['workspaces', 'any']);
export type FolderFiles = z.infer<typeof FolderFiles>;

/** One folder of the console's machine: what a window can open from it. Folders first, each by name. */
export const FolderView = z.strictObject({
  path: z.string(),
  /** Null at the root. */
  parent: z.string().nullable(),
  entries: z.array(z.strictObject({ name: z.string(), path: z.string(), kind: z.enum(['folder', 'file']), bytes: z.number().int().nullable(), changedAtMs: z.number().int() })),
  /** So many more are not shown. */
  more: z.number().int(),
});
export type FolderView = z.infer<typeof FolderView>;
