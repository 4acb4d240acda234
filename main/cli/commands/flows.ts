import type { Command } from 'commander';
import type { FlowQuery, FlowRow } from '../../../shared/contract/views.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { DraftKind, type DraftVerdict, FlowVerdict } from '../../../shared/model/flow.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { queryOfFilters } from '../../../shared/text/flow-filters.ts';
import type { CliContext } from '../context.ts';
import { parsePeriod } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';
import { writeExport } from '../write-export.ts';
import { addFlowImports } from './flow-imports.ts';
import { addFlowMap } from './flow-map.ts';
import { addFlowViews } from './flow-views.ts';

type Filters = { since?: string; until?: string; draft?: string; verdict?: string; from?: string; to?: string; service?: string; user?: string; unit?: string; text?: string; view?: string };
type ListOptions = Filters & { limit: string; csv?: string };

export function addFlowCommands(program: Command, context: CliContext): void {
  const flows = program.command('flows').description('what the kernels saw');
  withFilters(flows.command('list').description('flows, newest first, with what the draft would do'))
    .option('--limit <rows>', 'at most so many', '200')
    .option('--csv <file>', 'write all matching rows as CSV instead')
    .action((options: ListOptions) => listFlows(context, options));
  addFlowImports(flows, context);
  addFlowViews(flows, context);
  addFlowMap(flows, context);
  withFilters(flows.command('verdicts').description('all flows of a period, counted by what the draft would do with them and by which rule')).action((options: Filters) =>
    countVerdicts(context, options),
  );
}

const withFilters = (command: Command): Command =>
  command
    .option('--since <period>', 'such as 24h or 7d, or an ISO date')
    .option('--until <period>', 'up to then, likewise')
    .option('--verdict <list>', 'what the kernel did: accepted, would-block, blocked (commas between several)')
    .option('--draft <list>', 'what the draft would do: allowed, blocked, observed, unknown')
    .option('--from <peer>', 'consumer: selector, zone:NAME, host:NAME, iplist:NAME or CIDR')
    .option('--to <peer>', 'provider, likewise')
    .option('--service <list>', 'tcp/5432, udp/5000-5010, icmp, or the name of a service (commas between several)')
    .option('--user <name>', 'a part of the user’s name')
    .option('--unit <name>', 'a part of the systemd unit’s name')
    .option('--view <name>', 'the filters of a saved view; what is given beside it takes the place of the view’s')
    .option('--text <words>', 'anywhere in names, addresses, ports, users and units');

/** Commas between several; null without the option. */
function parseWords<T extends string>(option: string, schema: { options: readonly T[] }, text: string | undefined): T[] | null {
  const words = text?.split(',').map((word) => word.trim());
  const found = words?.flatMap((word) => schema.options.filter((known) => known === word)) ?? [];
  if (words !== undefined && found.length < words.length) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: option, message: `“${text ?? ''}”: the words are ${schema.options.join(', ')}, with commas between several` }] });
  return words === undefined ? null : found;
}

async function countVerdicts(context: CliContext, options: Filters): Promise<void> {
  const counted = await (await context.client()).flows.verdicts(await readQuery(context, { ...options, limit: '1' }));
  const rows = counted.rows.map((row) => [row.kind, row.by, String(row.flows), String(row.connections), formatTime(row.lastSeenAtMs), row.example]);
  const empty = 'No flows match. Collect first: firebreak collect --all';
  context.print(counted, counted.flows === 0 ? empty : `${formatTable(['DRAFT', 'BY', 'FLOWS', 'CONN', 'LAST SEEN', 'SUCH AS'], rows)}\n${countText(counted.flows, 'flow')}, ${countText(counted.connections, 'connection')}.`);
}

async function readQuery(context: CliContext, options: ListOptions): Promise<FlowQuery> {
  const verdict = parseWords('--verdict', FlowVerdict, options.verdict);
  const draft = parseWords('--draft', DraftKind, options.draft);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 5000) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--limit', message: '--limit takes 1 to 5000; for more use --csv' }] });
  const period = parsePeriod(options, Date.now());
  const { from = null, to = null, text = null, service = null, user = null, unit = null } = options;
  const typed = { ...period, verdict, draft, from, to, text, service, user, unit };
  const ofView = options.view === undefined ? {} : await queryOfView(context, options.view);
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value !== null));
  return { ...typed, ...ofView, ...given, limit, offset: 0 };
}

async function queryOfView(context: CliContext, name: string): Promise<ReturnType<typeof queryOfFilters>> {
  const views = await (await context.client()).flows.views({});
  const view = views.find((one) => one.name === name.trim());
  if (view === undefined) throw new FirebreakError('NOT_FOUND', { what: 'view of flows', name, known: views.map((one) => one.name) });
  return queryOfFilters(view.filters, Date.now());
}

async function listFlows(context: CliContext, options: ListOptions): Promise<void> {
  const client = await context.client();
  const query = await readQuery(context, options);
  if (options.csv !== undefined) {
    const { rows } = await writeExport(context, options.csv, query);
    context.print({ file: options.csv, rows }, `Wrote ${countText(rows, 'flow')} to ${options.csv}.`);
    return;
  }
  const { rows, total } = await client.flows.list(query);
  const empty = 'No flows match. Collect first: firebreak collect --all';
  const more = total > rows.length ? `\n${rows.length} of ${total} shown; narrow it, raise --limit, or use --csv FILE.` : '';
  context.print({ rows, total }, rows.length === 0 ? empty : formatFlows(rows) + more);
}

/** With the source and how well the direction is known where a row was imported. */
function formatFlows(rows: readonly FlowRow[]): string {
  const header = ['SEEN', 'AT', 'DIR', 'PEER', 'SERVICE', 'USER', 'UNIT', 'PROCESS', 'CONN', 'VERDICT', 'ZONE', 'DRAFT'];
  if (rows.every(({ origin }) => origin === null)) return formatTable(header, rows.map(flowCells));
  return formatTable([...header, 'SOURCE', 'DIRECTION'], rows.map((row) => [...flowCells(row), row.origin?.name ?? 'agent', row.origin?.confidence ?? 'exact']));
}

function flowCells(row: FlowRow): string[] {
  const service = row.port === 0 ? row.protocol : `${row.protocol}/${row.port}`;
  return [formatTime(row.lastSeenAtMs), row.reporterName, row.direction, row.peerName, service, row.user ?? '-', row.unit ?? '-', processText(row), String(row.connections), row.verdict, row.zone ?? '-', draftText(row.draft)];
}

/** What was not seen but inferred has a question mark. */
const processText = (row: FlowRow): string => (row.process === null ? '-' : row.processConfidence === 'exact' ? row.process : `${row.process} ?`);

function draftText(draft: DraftVerdict): string {
  switch (draft.kind) {
    case 'allowed':
      return `allowed by ${draft.by}`;
    case 'blocked':
      return draft.by === null ? 'blocked by default' : `blocked by ${draft.by}`;
    case 'observed':
    case 'unknown':
      return `${draft.kind}: ${draft.why}`;
  }
}
