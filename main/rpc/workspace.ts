import { readWorkspaceInfo } from '../services/workspace-info.ts';
import { os } from './implementer.ts';

export const workspaceRouter = {
  info: os.workspace.info.handler(({ context }) => readWorkspaceInfo(context)),
  changes: os.workspace.changes.handler(({ context, signal }) => context.changes.subscribe(signal)),
};
