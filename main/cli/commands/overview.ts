import type { Command } from 'commander';
import type { KpiTrend, Overview } from '../../../shared/contract/overview.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import type { CliContext } from '../context.ts';
import { EXIT } from '../exit-codes.ts';
import { formatTable, formatTime } from '../table.ts';

/** Exit 3 when something is not as it should be; work that merely waits is no reason. */
export function addOverview(program: Command, context: CliContext): void {
  program
    .command('overview')
    .description('how the site is, and what needs attention, worst first, from what is stored; exit 3 when something needs attention')
    .option('--no-kpis', 'leave out the figures about the policy: they look at all flows of 30 days')
    .action(async ({ kpis: withKpis }: { kpis: boolean }) => {
      const client = await context.client();
      const overview = await client.overview.get({});
      const kpis = withKpis ? (await client.overview.kpis({})).kpis : null;
      context.print({ ...overview, kpis }, [formatAttention(overview), formatCoverage(overview), formatZones(overview), ...(kpis === null ? [] : [formatKpis(kpis)]), formatChanges(overview)].join('\n\n'));
      if (overview.attention.some(({ level }) => level !== 'note')) context.setExitCode(EXIT.gate);
    });
}

function formatAttention({ attention, alerts }: Overview): string {
  const counts = `alerts: ${alerts.open} open, ${alerts.acknowledged} acknowledged, ${alerts.muted} muted`;
  if (attention.length === 0) return `Nothing needs attention; ${counts}`;
  const rows = attention.map(({ level, text, names, more, action }) => [level.toUpperCase(), `${text}${names.length === 0 ? '' : `: ${names.join(' ')}${more === 0 ? '' : ` and ${more} more`}`}`, action.command]);
  return `${formatTable(['', 'NEEDS ATTENTION', 'DO'], rows)}\n${counts}`;
}

function formatCoverage({ coverage: c, record }: Overview): string {
  const share = (part: number) => `${part} of ${c.managed}`;
  const covered = record.coveredPercent === null ? 'nothing was recorded' : `${floorPercent(record.coveredPercent)} % of the time is covered, ${countText(record.lostPackets, 'packet')} lost, at ${countText(record.hostsRecorded, 'host')}`;
  const rows = [
    ['agent installed', share(c.withAgent)],
    ['heard within a day', share(c.reporting)],
    ['in a zone', share(c.inZone)],
    ['run enforce', share(c.enforced)],
    ['unmanaged', String(c.unmanaged)],
    ['record, 7 days', covered],
  ];
  return formatTable(['HOSTS', ''], rows);
}

/** Never 100 for what is less. */
const floorPercent = (percent: number): number => Math.floor(percent * 10) / 10;

function formatZones({ zones, version, draftChanged }: Overview): string {
  const state = `${version === null ? 'nothing was pushed yet' : `version ${version}`}${draftChanged ? '; the draft differs' : ''}`;
  if (zones.length === 0) return `No zones; ${state}`;
  const rows = zones.map(({ name, mode, hosts, running }) => [name, mode, String(hosts), String(running.observe), String(running.test), String(running.enforce), String(running.none)]);
  return `${formatTable(['ZONE', 'DRAFT', 'HOSTS', 'OBSERVE', 'TEST', 'ENFORCE', 'NOTHING SENT'], rows)}\n${state}`;
}

function formatKpis(kpis: readonly KpiTrend[]): string {
  return formatTable(['FIGURE, 30 DAYS', 'NOW', 'BEFORE'], kpis.map(({ title, text, trend }) => [title, text, beforeText(trend)]));
}

function beforeText(trend: KpiTrend['trend']): string {
  const [first] = trend.filter(({ value }) => value !== null);
  if (first === undefined || first === trend.at(-1) || first.value === null) return '-';
  return `${Number(first.value.toFixed(2))} on ${new Date(first.dayStartMs).toISOString().slice(0, 10)}`;
}

function formatChanges({ changes }: Overview): string {
  if (changes.length === 0) return 'Nothing was changed yet.';
  return formatTable(['LATEST CHANGES', 'WHO', 'DID', 'TO WHAT'], changes.map(({ atMs, actor, action, subject }) => [formatTime(atMs), actor, action, subject]));
}
