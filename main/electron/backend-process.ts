import { existsSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { createWorkspace } from '../db/create-workspace.ts';
import { logCrashes, openLog } from '../log/open-log.ts';
import { serveDesk } from '../rpc/port.ts';
import { createDesk } from '../services/workspace-desk.ts';
import { askKeychain } from './ask-keychain.ts';
import { toFirebreakPort } from './main-port.ts';

/**
 * Entry of the utility process, and the composition root of the Electron console: opens the workspace and serves the router on every
 * port that the main process hands over. Node only; `process.parentPort` is all that it knows of Electron.
 */
const { values } = parseArgs({
  options: { workspace: { type: 'string' }, 'create-missing': { type: 'boolean', default: false }, 'agent-dir': { type: 'string' }, 'log-dir': { type: 'string' } },
});
const { workspace, 'agent-dir': agentDir, 'log-dir': logDir } = values;
if (workspace === undefined) throw new Error('backend-process: --workspace is missing');
const log = logDir === undefined ? null : { dir: logDir, from: 'backend' as const };
if (log !== null) logCrashes(openLog({ ...log, nowMs: Date.now }));
if (values['create-missing'] && !existsSync(workspace)) {
  mkdirSync(dirname(workspace), { recursive: true, mode: 0o700 });
  createWorkspace(workspace);
}
const desk = createDesk({ workspacePath: workspace, user: userInfo().username, keychain: askKeychain(process.parentPort), ...(agentDir === undefined ? {} : { agentDir }), ...(log === null ? {} : { log }) });

process.parentPort.on('message', ({ ports }) => {
  for (const port of ports) serveDesk(desk, toFirebreakPort(port));
});
