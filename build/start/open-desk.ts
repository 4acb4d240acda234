import { existsSync, mkdirSync } from 'node:fs';
import { homedir, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { createWorkspace } from '../../main/db/create-workspace.ts';
import { createDesk, type WorkspaceDesk } from '../../main/services/workspace-desk.ts';
import { defaultLogDir, defaultWorkspacePath } from '../../shared/window/default-workspace.ts';

/** The default workspace comes into being on the first start; one that was named has to exist. @throws the WORKSPACE_… codes */
export function openDesk(named: string | undefined, tell: (line: string) => void): WorkspaceDesk {
  const path = resolve(named ?? defaultWorkspacePath(process.env, homedir()));
  if (named === undefined && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createWorkspace(path);
    tell(`made an empty workspace: ${path}`);
  }
  return createDesk({ workspacePath: path, user: userInfo().username, log: { dir: defaultLogDir(process.env, homedir()), from: 'backend' } });
}
