import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/contract.ts';

export type Client = ContractRouterClient<Contract>;

/** What every command gets. `print` writes people's text or, with --json, the one JSON document; progress goes to stderr. */
export type CliContext = {
  /** Opens the workspace on first use. */
  client(): Promise<Client>;
  workspacePath: string;
  json: boolean;
  print(value: unknown, human: string): void;
  progress(line: string): void;
  /** Ends the command with this code after everything was printed. */
  setExitCode(code: number): void;
  /** What Ctrl-C says from now on, before it ends the process: what goes on without it, and how to learn its end. */
  setInterruptNote(note: string): void;
  /** The next Ctrl-C says this and calls `stop`, and nothing ends yet; one after it ends the process at once. */
  setInterruptStop(note: string, stop: () => void): void;
  /** Asks on the terminal; undefined when there is none. `hidden` does not echo. */
  ask(question: string, options: { hidden: boolean }): Promise<string | undefined>;
};
