import type { Command } from 'commander';
import type { CliContext } from '../context.ts';

export function addInit(program: Command, context: CliContext, createWorkspace: (path: string) => Promise<void>): void {
  program
    .command('init')
    .description('make a new, empty workspace file (never overwrites)')
    .action(async () => {
      await createWorkspace(context.workspacePath);
      context.print({ path: context.workspacePath }, `Made ${context.workspacePath}. Next: firebreak host add NAME --address [USER@]HOST --identity KEYFILE`);
    });
}
