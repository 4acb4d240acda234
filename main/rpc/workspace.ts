import { createSample } from '../sample/create-sample.ts';
import { readCollecting } from '../services/collect-round.ts';
import { forgetWorkspace, listRecentWorkspaces } from '../services/recent-workspaces.ts';
import { compactOpenWorkspace, copyOpenWorkspace } from '../services/workspace-copies.ts';
import { makeSupportText } from '../services/support-file.ts';
import { readWorkspaceInfo } from '../services/workspace-info.ts';
import { listFolder, resolveTyped } from '../services/workspace-paths.ts';
import { createAnother, openAnother, openSample, restoreOpen, takeOver } from '../services/workspace-switching.ts';
import { changeSettings, readSettings } from '../services/workspace-settings.ts';
import { os } from './implementer.ts';

export const workspaceRouter = {
  info: os.workspace.info.handler(({ context }) => readWorkspaceInfo(context)),
  settings: os.workspace.settings.handler(({ context }) => readSettings(context)),
  saveSettings: os.workspace.saveSettings.handler(({ context, input }) => changeSettings(context, input)),
  collecting: os.workspace.collecting.handler(({ context }) => readCollecting(context)),
  changes: os.workspace.changes.handler(({ context, signal }) => context.changes.subscribe(signal)),
  support: os.workspace.support.handler(({ context }) => ({ text: makeSupportText(context) })),
  recent: os.workspace.recent.handler(({ context }) => listRecentWorkspaces(context.configDir)),
  forget: os.workspace.forget.handler(({ context, input }) => {
    forgetWorkspace(context.configDir, input.path);
    return { ok: true };
  }),
  folder: os.workspace.folder.handler(({ context, input }) => listFolder(resolveTyped(input.path ?? '.', context.workspace.path), input.files)),
  open: os.workspace.open.handler(({ context, input }) => openAnother(context, input.path)),
  create: os.workspace.create.handler(({ context, input }) => createAnother(context, input.path)),
  openSample: os.workspace.openSample.handler(({ context, input }) => openSample(context, input.anew, (path) => createSample({ path, nowMs: context.nowMs(), user: context.user }))),
  takeOver: os.workspace.takeOver.handler(({ context }) => takeOver(context)),
  restore: os.workspace.restore.handler(({ context, input }) => restoreOpen(context, input)),
  duplicate: os.workspace.duplicate.handler(({ context, input }) => copyOpenWorkspace(context, 'workspace.duplicate', input.path)),
  backUp: os.workspace.backUp.handler(({ context, input }) => copyOpenWorkspace(context, 'workspace.backUp', input.path)),
  compact: os.workspace.compact.handler(({ context }) => compactOpenWorkspace(context)),
};
