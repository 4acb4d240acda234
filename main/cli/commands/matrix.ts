import type { Command } from 'commander';
import type { MatrixPermit, MatrixSeen, MatrixView } from '../../../shared/contract/reach-views.ts';
import type { CliContext } from '../context.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTable } from '../table.ts';

type MatrixOptions = { draft?: true; csv?: true; since?: string };

export function addMatrixCommand(program: Command, context: CliContext): void {
  program
    .command('matrix')
    .description('each zone with each: what was seen between them, and what passes by the rules that hosts run now')
    .option('--draft', 'what passes by the draft, once every zone enforces')
    .option('--csv', 'one line a pair of zones, with seen, live and draft')
    .option('--since <period>', 'count what was seen since, such as 30d; 7 days when left out', '7d')
    .action(async (options: MatrixOptions) => {
      const { reach } = await context.client();
      const sinceMs = parseSince(options.since, Date.now());
      if (options.csv === true) {
        const file = await reach.matrixCsv({ sinceMs });
        context.print(file, file.text.trimEnd().replaceAll('\r\n', '\n'));
        return;
      }
      const view = await reach.matrix({ sinceMs });
      context.print(view, formatMatrix(view, options.draft === true ? 'draft' : 'live'));
    });
}

/** Pairs with nobody at an end, and those that neither saw nor permit anything, are left out and counted. */
export function formatMatrix({ ends, cells, notes }: MatrixView, policy: 'live' | 'draft'): string {
  const names = new Map(ends.map(({ key, name }) => [key, name]));
  const told = cells.filter((cell) => cell.from !== 'any' && cell.to !== 'any' && (cell.seen.connections > 0 || cell[policy].count > 0));
  const rows = told.map((cell) => [names.get(cell.from) ?? cell.from, names.get(cell.to) ?? cell.to, printPermit(cell[policy]), printSeen(cell.seen)]);
  const silent = cells.filter(({ from, to }) => from !== 'any' && to !== 'any').length - told.length;
  return [formatTable(['FROM', 'TO', `${policy.toUpperCase()} PERMITS`, 'SEEN'], rows), `${silent} other pairs: nothing passes and nothing was seen.`, ...notes].join('\n');
}

function printPermit({ kind, wouldBlock, services, count, rules }: MatrixPermit): string {
  if (kind === 'nobody') return '-';
  if (kind === 'nothing') return 'nothing';
  const tested = wouldBlock ? ' (some only because an end tests)' : '';
  if (kind === 'everything') return `everything${tested}`;
  return `${services.join(', ')}${count > services.length ? ` and ${count - services.length} more` : ''}${rules === 0 ? '' : `, ${rules} ${rules === 1 ? 'rule' : 'rules'}`}${tested}`;
}

const printSeen = ({ connections, services, worst }: MatrixSeen): string =>
  worst === null ? '-' : `${connections} ${connections === 1 ? 'connection' : 'connections'} on ${services} ${services === 1 ? 'service' : 'services'}, worst ${worst}`;
