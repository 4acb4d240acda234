import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { CollectView } from './collect-rounds.ts';
import { WorkspaceSettings } from './workspace-settings.ts';
import { CompactDone, CopyMade, FilePath, FolderFiles, FolderView, RecentWorkspace, RestoreDone, WorkspaceInfo } from './workspaces.ts';
import { call, done, none } from './contract-call.ts';

/** The file that is open, its copies, and what changes in it. */
export const workspaceContract = {
  info: call.input(none).output(WorkspaceInfo),
  settings: call.input(none).output(WorkspaceSettings),
  saveSettings: call.input(WorkspaceSettings).output(WorkspaceSettings),
  /** What an open window does about the setting of how often it collects. */
  collecting: call.input(none).output(CollectView),
  /** What helps somebody else to find a fault, for a person to read before it is given away. Asks no host and sends nothing. */
  support: call.input(none).output(z.strictObject({ text: z.string() })),
  /** Those that windows had open, newest first. */
  recent: call.input(none).output(z.array(RecentWorkspace)),
  forget: call.input(z.strictObject({ path: FilePath })).output(done),
  /** What can be chosen from a folder, workspaces and their backups or any ordinary file; null: where the open workspace lies. */
  folder: call.input(z.strictObject({ path: FilePath.nullable(), files: FolderFiles })).output(FolderView),
  /** These change the window's workspace: the page has to load again, and gets the other one then. WINDOW_NEEDED on the command line. */
  open: call.input(z.strictObject({ path: FilePath })).output(z.strictObject({ path: z.string() })),
  create: call.input(z.strictObject({ path: FilePath })).output(z.strictObject({ path: z.string() })),
  /** Opens the sample that was made before, unless `anew`: then one more is made beside it. */
  openSample: call.input(z.strictObject({ anew: z.boolean() })).output(z.strictObject({ path: z.string(), made: z.boolean() })),
  /** Opens it for writing once the console that held it is gone; WORKSPACE_HELD before. */
  takeOver: call.input(none).output(z.strictObject({ path: z.string() })),
  /** RESTORE_LOSES with what would be lost, unless `replace`. */
  restore: call.input(z.strictObject({ backup: FilePath, replace: z.boolean() })).output(RestoreDone),
  duplicate: call.input(z.strictObject({ path: FilePath })).output(CopyMade),
  /** Null: `FILE.TIME.backup` beside it. */
  backUp: call.input(z.strictObject({ path: FilePath.nullable() })).output(CopyMade),
  compact: call.input(none).output(CompactDone),
  /** Emits the names of the groups whose data changed, so that windows refetch; never ends by itself. */
  changes: call.input(none).output(eventIterator(z.strictObject({ groups: z.array(z.enum(['hosts', 'policy', 'flows', 'pushes', 'versions', 'audit', 'alerts'])) }))),
};
