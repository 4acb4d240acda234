import type { Command } from 'commander';
import { FlowFilters, FlowPeriod } from '../../../shared/contract/flow-pages.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import type { CliContext } from '../context.ts';
import { formatTable, formatTime } from '../table.ts';

type SaveOptions = { period?: string; verdict?: string; draft?: string; from?: string; to?: string; service?: string; user?: string; unit?: string; text?: string };

/** `flows view`: filters with a name, the same as in the window. */
export function addFlowViews(flows: Command, context: CliContext): void {
  const view = flows.command('view').description('saved views: filters of flows with a name');
  view
    .command('list')
    .description('by name')
    .action(async () => {
      const views = await (await context.client()).flows.views({});
      const rows = views.map(({ name, filters, savedBy, savedAtMs }) => [name, describe(filters), savedBy, formatTime(savedAtMs)]);
      context.print(views, views.length === 0 ? 'No view is saved. Save one: firebreak flows view save NAME --verdict blocked' : formatTable(['NAME', 'FILTERS', 'SAVED BY', 'AT'], rows));
    });
  view
    .command('save <name>')
    .description('keep filters under a name; a view of that name is replaced')
    .option('--period <word>', `${FlowPeriod.options.join(', ')}: up to now, whenever it is opened`)
    .option('--verdict <word>', 'accepted, would-block or blocked')
    .option('--draft <word>', 'allowed, blocked, observed or unknown')
    .option('--from <peer>', 'consumer')
    .option('--to <peer>', 'provider')
    .option('--service <list>', 'tcp/5432, or the name of a service')
    .option('--user <name>', 'a part of the user’s name')
    .option('--unit <name>', 'a part of the unit’s name')
    .option('--text <words>', 'anywhere')
    .action(async (name: string, options: SaveOptions) => {
      const saved = await (await context.client()).flows.saveView({ name, filters: readFilters(options) });
      context.print(saved, `Saved view ${saved.name}: ${describe(saved.filters)}. Open it with: firebreak flows list --view ${JSON.stringify(saved.name)}`);
    });
  view
    .command('remove <name>')
    .description('flows stay')
    .action(async (name: string) => {
      await (await context.client()).flows.removeView({ name });
      context.print({ removed: name }, `Removed view ${name}.`);
    });
}

/** @throws INPUT_INVALID for a word that is none of those there are */
function readFilters(options: SaveOptions): FlowFilters {
  const parsed = FlowFilters.safeParse(options);
  if (parsed.success) return parsed.data;
  throw new FirebreakError('INPUT_INVALID', { issues: parsed.error.issues.map((issue) => ({ path: `--${issue.path.join('.')}`, message: issue.message })) });
}

const describe = (filters: FlowFilters): string => {
  const words = Object.entries(filters).map(([field, value]) => `${field} ${field === 'since' || field === 'until' ? formatTime(Number(value)) : value}`);
  return words.length === 0 ? 'the last 7 days' : words.join(', ');
};
