import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { MAP_LEVELS, MapLevel, type MapQuery } from '../../../shared/contract/map-query.ts';
import type { MapView } from '../../../shared/contract/views.ts';
import { FirebreakError } from '../../../shared/errors.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { parsePeriod } from '../parse-arguments.ts';
import { formatTable, formatTime } from '../table.ts';

type MapOptions = { readonly since?: string; readonly level: string; readonly who?: string; readonly service?: string; readonly process?: string; readonly text?: string; readonly csv?: string };

/** The map as rows: what goes on between zones, applications, roles or hosts. */
export function addFlowMap(flows: Command, context: CliContext): void {
  flows
    .command('map')
    .description('who talks to whom, summed up between zones (or apps, roles, hosts), live and by the draft')
    .option('--since <period>', 'such as 24h or 7d, or an ISO date')
    .option('--level <level>', MAP_LEVELS.join(', '), 'zone')
    .option('--who <peer>', 'either end: selector, zone:NAME, host:NAME, iplist:NAME or CIDR')
    .option('--service <list>', 'a port, tcp/5432, or the name of a service')
    .option('--process <words>', 'part of the name of a process or unit')
    .option('--text <words>', 'anywhere in names, services, users, units and processes')
    .option('--csv <file>', 'write it as CSV instead')
    .action((options: MapOptions) => showMap(context, options));
}

async function showMap(context: CliContext, options: MapOptions): Promise<void> {
  const client = await context.client();
  const query = parseQuery(options);
  if (options.csv !== undefined) {
    const csv = await client.flows.mapCsv(query);
    await writeFile(options.csv, csv.text).catch((error: Error) => {
      throw new FirebreakError('FILE_NOT_WRITABLE', { path: options.csv ?? '', detail: error.message });
    });
    context.print({ file: options.csv, rows: csv.rows }, `Wrote ${countText(csv.rows, 'row')} to ${options.csv}.`);
    return;
  }
  const view = await client.flows.map(query);
  context.print(view, view.edges.length === 0 ? 'Nothing matches. Collect first: firebreak collect --all' : formatMap(view));
}

function parseQuery(options: MapOptions): Partial<MapQuery> & Pick<MapQuery, 'sinceMs'> {
  const level = MapLevel.safeParse(options.level);
  if (!level.success) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: '--level', message: `“${options.level}” is no level: write ${MAP_LEVELS.join(', ')}` }] });
  const { sinceMs } = parsePeriod(options, Date.now());
  return { sinceMs, level: level.data, who: options.who ?? null, service: options.service ?? null, process: options.process ?? null, text: options.text ?? null };
}

function formatMap({ nodes, edges, totals }: MapView): string {
  const names = new Map(nodes.map((node) => [node.id, node.label]));
  const rows = edges.map((edge) => [
    names.get(edge.source) ?? edge.source,
    names.get(edge.target) ?? edge.target,
    edge.port === 0 ? edge.protocol : `${edge.protocol}/${edge.port}`,
    edge.verdict,
    edge.draft,
    String(edge.pairs),
    String(edge.connections),
    formatTime(edge.lastSeenAtMs),
  ]);
  return `${formatTable(['FROM', 'TO', 'SERVICE', 'LIVE', 'DRAFT', 'PAIRS', 'CONN', 'LAST SEEN'], rows)}\n${totals.shown} of ${countText(totals.conversations, 'conversation')}.`;
}
