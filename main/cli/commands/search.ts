import type { Command } from 'commander';
import type { CliContext } from '../context.ts';
import { formatTable } from '../table.ts';

/** `search`: what the palette of the window finds. */
export function addSearch(program: Command, context: CliContext): void {
  program
    .command('search <words...>')
    .description('hosts, zones, rules, services, IP lists, views, addresses and flows that fit, best first')
    .action(async (words: string[]) => {
      const hits = await (await context.client()).search.find({ text: words.join(' '), limit: 50 });
      const rows = hits.map(({ kind, title, detail }) => [kind, title, detail]);
      context.print(hits, hits.length === 0 ? 'Nothing fits.' : formatTable(['KIND', 'NAME', 'DETAIL'], rows));
    });
}
