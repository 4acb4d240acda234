import { Command } from 'commander';
import { addAgentCommands } from './commands/agent.ts';
import { addDoctor } from './commands/doctor.ts';
import { addEvidenceCommands, type PrintPdf } from './commands/evidence.ts';
import { addFlowCommands } from './commands/flows.ts';
import { addHostCommands } from './commands/host.ts';
import { addInit } from './commands/init.ts';
import { addObjectCommands } from './commands/objects.ts';
import { addPolicyCommands } from './commands/policy.ts';
import { addPushCommands } from './commands/push.ts';
import { addRuleCommands } from './commands/rule.ts';
import { addZoneCommands } from './commands/zone.ts';
import type { CliContext, Client } from './context.ts';
import { inertJson, inertLines } from './inert.ts';
import { reportFailure } from './report-failure.ts';

/** What the command line needs from outside; the composition root (`main.ts`) and tests supply it. */
export type CliWorld = {
  defaultWorkspacePath: string;
  createWorkspace(path: string): Promise<void>;
  openClient(path: string, options: { acceptNewHostKeys: boolean }): Promise<{ client: Client; close(): Promise<void> }>;
  printPdf: PrintPdf;
  findBrowser(): string | null;
  ask: CliContext['ask'];
  write(text: string): void;
  progress(line: string): void;
  /** Has Ctrl-C call this and then end the process with 130. */
  onInterrupt(tell: () => void): void;
};

/** Runs one command line (without the program's name) and gives its exit code; never throws, never ends the process. */
export async function runCli(argv: readonly string[], world: CliWorld): Promise<number> {
  const program = new Command('firebreak')
    .description('Microsegmentation for small teams. Exit codes: 0 done, 1 failed, 2 usage, 3 a gate or check says no.')
    .option('--workspace <file>', 'workspace file', world.defaultWorkspacePath)
    .option('--json', 'one JSON document on stdout')
    .option('--accept-new-host-keys', 'pin the first key a host shows, unseen: for labs only')
    .exitOverride()
    .configureOutput({ writeOut: (text) => world.write(text.trimEnd()), writeErr: (text) => world.progress(text.trimEnd()) });
  let exitCode = 0;
  let opened: Promise<{ client: Client; close(): Promise<void> }> | undefined;
  const options = () => program.opts<{ workspace: string; json?: true; acceptNewHostKeys?: true }>();
  const context: CliContext = {
    client: async () => {
      opened ??= world.openClient(options().workspace, { acceptNewHostKeys: options().acceptNewHostKeys ?? false });
      return (await opened).client;
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
    ask: (question, how) => world.ask(question, how),
  };
  addCommands(program, context, world);
  for (const command of allCommands(program)) command.copyInheritedSettings(program);
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    exitCode = reportFailure(error, argv.includes('--json'), world);
  } finally {
    await opened?.then((open) => open.close()).catch(() => undefined); // it was never open: its failure has been reported
  }
  return exitCode;
}

const allCommands = (command: Command): Command[] => command.commands.flatMap((sub) => [sub, ...allCommands(sub)]);

function addCommands(program: Command, context: CliContext, world: CliWorld): void {
  addInit(program, context, (path) => world.createWorkspace(path));
  addHostCommands(program, context);
  addAgentCommands(program, context);
  addFlowCommands(program, context);
  addZoneCommands(program, context);
  addRuleCommands(program, context);
  addObjectCommands(program, context);
  addPolicyCommands(program, context);
  addPushCommands(program, context);
  addEvidenceCommands(program, context, world.printPdf);
  addDoctor(program, context, world.findBrowser);
}
