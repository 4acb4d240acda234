import { Argument, type Command } from 'commander';
import type { CliContext } from '../context.ts';
import { bashCompletion } from '../reference/bash-completion.ts';
import { type CommandEntry, describeCommand } from '../reference/command-entry.ts';
import { fishCompletion } from '../reference/fish-completion.ts';
import { zshCompletion } from '../reference/zsh-completion.ts';

const printers = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const satisfies Record<string, (program: CommandEntry) => string>;
type Shell = keyof typeof printers;

/** Installed packages bring the three files along; this is for everybody else. */
export function addCompletion(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell: eval "$(firebreak completion bash)"')
    .addArgument(new Argument('<shell>', 'whose').choices(Object.keys(printers)))
    .action((shell: Shell) => {
      const script = printers[shell](describeCommand(program));
      context.print({ shell, script }, script.trimEnd());
    });
}
