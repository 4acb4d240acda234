import { createProgram } from '../program.ts';
import { type CommandEntry, describeCommand } from './command-entry.ts';

const refuse = (): never => {
  throw new Error('the table of commands is only read here');
};

/** Where a workspace is unless told otherwise, as documents say it. */
const DOCUMENTED_WORKSPACE = '~/.local/share/firebreak/default.firebreak';

/** The whole command line as data, without a world to run it in. */
export function listCommands(): CommandEntry {
  const context = { client: refuse, workspacePath: '', json: false, print: refuse, progress: refuse, setExitCode: refuse, setInterruptNote: refuse, setInterruptStop: refuse, ask: refuse };
  const world = {
    version: '0.0.0',
    defaultWorkspacePath: DOCUMENTED_WORKSPACE,
    createWorkspace: refuse,
    openClient: refuse,
    files: { recent: refuse, restore: refuse, createSample: refuse },
    printPdf: refuse,
    verifyPack: refuse,
    verifyLog: refuse,
    auditOffline: refuse,
    findBrowser: refuse,
    logFailure: refuse,
    ask: refuse,
    write: refuse,
    progress: refuse,
    onInterrupt: refuse,
  };
  return describeCommand(createProgram(context, world));
}
