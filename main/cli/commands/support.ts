import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { openWholeFile } from '../whole-file.ts';

/** For the person who asks for help, and for who is asked: a text, readable before it is sent; nothing is sent from here. */
export function addSupport(program: Command, context: CliContext): void {
  program
    .command('support')
    .description('collect what helps to find a fault: versions, figures and the end of the log, names and addresses replaced; to read before you send it')
    .option('--out <file>', 'write it there, readable by you alone, instead of showing it')
    .action(async ({ out }: { out?: string }) => {
      const { text } = await (await context.client()).workspace.support({});
      if (out === undefined) return context.print({ text }, text.trimEnd());
      const path = resolve(out);
      const file = await openWholeFile(path, 0o600);
      try {
        await file.append(text);
        await file.finish();
      } finally {
        await file.drop();
      }
      context.print({ path, text }, `Wrote ${path}. Read it before you send it; it is plain text, and whatever you delete from it is gone.`);
    });
}
