import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { FlowQuery, FlowRow } from '../../../shared/contract/views.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { type DraftVerdict, FlowVerdict } from '../../../shared/model/flow.ts';
import type { CliContext } from '../context.ts';
import { parseSince } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';

type ListOptions = { since?: string; verdict?: string; from?: string; to?: string; text?: string; limit: string; csv?: string };

export function addFlowCommands(program: Command, context: CliContext): void {
  program
    .command('flows')
    .description('what the kernels saw')
    .command('list')
    .description('flows, newest first, with what the draft would do')
    .option('--since <period>', 'such as 24h or 7d, or an ISO date')
    .option('--verdict <list>', 'accepted, would-block, blocked (commas between several)')
    .option('--from <peer>', 'consumer: selector, zone:NAME, host:NAME, iplist:NAME or CIDR')
    .option('--to <peer>', 'provider, likewise')
    .option('--text <words>', 'anywhere in names, addresses, ports, users and units')
    .option('--limit <rows>', 'at most so many', '200')
    .option('--csv <file>', 'write all matching rows as CSV instead')
    .action((options: ListOptions) => listFlows(context, options));
}

function parseQuery(options: ListOptions): FlowQuery {
  const verdicts = options.verdict?.split(',').map((word) => FlowVerdict.safeParse(word.trim()));
  const limit = Number(options.limit);
  if (verdicts?.some((verdict) => !verdict.success) || !Number.isInteger(limit) || limit < 1 || limit > 5000) {
    const message = !Number.isInteger(limit) || limit < 1 || limit > 5000 ? '--limit takes 1 to 5000; for more use --csv' : `“${options.verdict ?? ''}”: verdicts are accepted, would-block and blocked`;
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'flows list', message }] });
  }
  const verdict = verdicts?.flatMap((parsed) => (parsed.success ? [parsed.data] : [])) ?? null;
  return { sinceMs: parseSince(options.since, Date.now()), untilMs: null, verdict, from: options.from ?? null, to: options.to ?? null, text: options.text ?? null, limit, offset: 0 };
}

async function listFlows(context: CliContext, options: ListOptions): Promise<void> {
  const client = await context.client();
  const query = parseQuery(options);
  if (options.csv !== undefined) {
    const csv = await client.flows.exportCsv(query);
    await writeFile(options.csv, csv.text).catch((error: Error) => {
      throw new FirebreakError('FILE_NOT_WRITABLE', { path: options.csv ?? '', detail: error.message });
    });
    context.print({ file: options.csv, rows: csv.rows }, `Wrote ${csv.rows} flows to ${options.csv}.`);
    return;
  }
  const { rows, total } = await client.flows.list(query);
  const empty = 'No flows match. Collect first: firebreak collect --all';
  const more = total > rows.length ? `\n${rows.length} of ${total} shown; narrow it, raise --limit, or use --csv FILE.` : '';
  context.print({ rows, total }, rows.length === 0 ? empty : formatTable(['SEEN', 'AT', 'DIR', 'PEER', 'SERVICE', 'USER', 'UNIT', 'CONN', 'VERDICT', 'ZONE', 'DRAFT'], rows.map(flowCells)) + more);
}

function flowCells(row: FlowRow): string[] {
  const service = row.port === 0 ? row.protocol : `${row.protocol}/${row.port}`;
  return [formatTime(row.lastSeenAtMs), row.reporterName, row.direction, row.peerName, service, row.user ?? '-', row.unit ?? '-', String(row.connections), row.verdict, row.zone ?? '-', draftText(row.draft)];
}

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
