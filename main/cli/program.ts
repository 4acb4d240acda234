import { Command } from 'commander';
import { addAgentCommands } from './commands/agent.ts';
import { addAlertCommands } from './commands/alerts.ts';
import { addBundleCommands } from './commands/bundle.ts';
import { addContainmentCommands } from './commands/containment.ts';
import { addDraftSteps } from './commands/draft-steps.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvidenceCommands, type PrintPdf, type VerifyLog, type VerifyPack } from './commands/evidence.ts';
import { addExportCommand } from './commands/export-target.ts';
import { addFlowCommands } from './commands/flows.ts';
import { addForwardCommands } from './commands/forward.ts';
import { addHostCommands } from './commands/host.ts';
import { addInit } from './commands/init.ts';
import type { AuditOffline } from './commands/offline.ts';
import { addObjectCommands } from './commands/objects.ts';
import { addLabelRuleCommands } from './commands/label-rule.ts';
import { addMatrixCommand } from './commands/matrix.ts';
import { addOnboard } from './commands/onboard.ts';
import { addOverview } from './commands/overview.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addPushCommands } from './commands/push.ts';
import { addProveCommands } from './commands/prove.ts';
import { addReachCommand } from './commands/reach.ts';
import { addSettings } from './commands/settings.ts';
import { addRuleCommands } from './commands/rule.ts';
import { addTemplateCommands } from './commands/template.ts';
import { addSupport } from './commands/support.ts';
import { addKeychainCommands } from './commands/keychain.ts';
import { addUpdateCommands } from './commands/update.ts';
import { addSuggest } from './commands/suggest.ts';
import { addWorkspaceCommands, type WorkspaceFiles } from './commands/workspace.ts';
import { addSearch } from './commands/search.ts';
import { addZoneCommands } from './commands/zone.ts';
import { addCompletion } from './commands/completion.ts';
import type { CliContext, Client } from './context.ts';
import { inertJson, inertLines } from '../../shared/text/inert.ts';
import { reportFailure } from './report-failure.ts';

/** What the command line needs from outside; the composition root (`main.ts`) and tests supply it. */
export type CliWorld = {
  /** Firebreak's own. */
  version: string;
  defaultWorkspacePath: string;
  createWorkspace(path: string): Promise<void>;
  /** `note`: what everybody who works on this workspace has to know, on stderr. */
  openClient(path: string, options: { acceptNewHostKeys: boolean }): Promise<OpenedClient>;
  files: WorkspaceFiles;
  printPdf: PrintPdf;
  verifyPack: VerifyPack;
  verifyLog: VerifyLog;
  auditOffline: AuditOffline;
  findBrowser(): string | null;
  /** A defect of the command line itself, for the log. */
  logFailure(error: unknown): void;
  ask: CliContext['ask'];
  write(text: string): void;
  progress(line: string): void;
  /** Has Ctrl-C call this and then end the process with 130; where it `goesOn`, only a second one does. */
  onInterrupt(tell: () => void, goesOn?: boolean): void;
};

type GlobalOptions = { workspace: string; json?: true; acceptNewHostKeys?: true };
type OpenedClient = { client: Client; note?: string; close(): Promise<void> };

/** Runs one command line (without the program's name) and gives its exit code; never throws, never ends the process. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  let exitCode = 0;
  let opened: Promise<OpenedClient> | undefined;
  const options = (): GlobalOptions => program.opts<GlobalOptions>();
  const context: CliContext = {
    client: async () => {
      if (opened !== undefined) return (await opened).client;
      opened = world.openClient(options().workspace, { acceptNewHostKeys: options().acceptNewHostKeys ?? false });
      const { client, note } = await opened;
      if (note !== undefined) world.progress(inertLines(note));
      return client;
    },
    get workspacePath() {
      return options().workspace;
    },
    get json() {
      return options().json ?? false;
    },
    // Here, and nowhere else, text reaches the terminal: much of it comes from hosts.
    print: (value, human) => world.write(options().json ? inertJson(value) : inertLines(human)),
    progress: (line) => world.progress(inertLines(line)),
    setExitCode: (code) => {
      exitCode = code;
    },
    setInterruptNote: (note) => world.onInterrupt(() => world.progress(`\n${inertLines(note)}`)),
    setInterruptStop: (note, stop) =>
      world.onInterrupt(() => {
        world.progress(`\n${inertLines(note)}`);
        stop();
      }, true),
    ask: (question, how) => world.ask(question, how),
  };
  const program = createProgram(context, world);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    exitCode = reportFailure(error, argv.includes('--json'), world);
  } finally {
    await opened?.then((open) => open.close()).catch(() => undefined); // it was never open: its failure has been reported
  }
  return exitCode;
}

/** The command line with everything that it can do; nothing is run yet. */
export function createProgram(context: CliContext, world: CliWorld): Command {
  const program = new Command('firebreak')
    .description('Microsegmentation for small teams. Exit codes: 0 done, 1 failed, 2 usage, 3 a gate or check says no.')
    .version(world.version, '--version', 'print the version')
    .option('--workspace <file>', 'workspace file', world.defaultWorkspacePath)
    .option('--json', 'one JSON document on stdout')
    .option('--accept-new-host-keys', 'pin the first key a host shows, unseen: for labs only')
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.write(text.trimEnd()), writeErr: (text) => world.progress(text.trimEnd()) });
  addCommands(program, context, world);
  for (const command of allCommands(program)) command.copyInheritedSettings(program);
  return program;
}

const allCommands = (command: Command): Command[] => command.commands.flatMap((sub) => [sub, ...allCommands(sub)]);

function addCommands(program: Command, context: CliContext, world: CliWorld): void {
  addInit(program, context, (path) => world.createWorkspace(path));
  addWorkspaceCommands(program, context, world.files);
  addHostCommands(program, context);
  addLabelRuleCommands(program, context);
  addAgentCommands(program, context);
  addOnboard(program, context);
  addFlowCommands(program, context);
  addZoneCommands(program, context);
  addRuleCommands(program, context);
  addSuggest(program, context);
  addObjectCommands(program, context);
  addTemplateCommands(program, context);
  addPolicyCommands(program, context);
  addDraftSteps(program, context);
  addSettings(program, context);
  addPushCommands(program, context);
  addBundleCommands(program, context);
  addExportCommand(program, context);
  addContainmentCommands(program, context);
  addMatrixCommand(program, context);
  addReachCommand(program, context);
  addProveCommands(program, context);
  addEvidenceCommands(program, context, world);
  addOverview(program, context);
  addAlertCommands(program, context);
  addForwardCommands(program, context);
  addSearch(program, context);
  addDoctor(program, context, world.findBrowser);
  addSupport(program, context);
  addKeychainCommands(program, context);
  addUpdateCommands(program, context);
  addCompletion(program, context);
}
