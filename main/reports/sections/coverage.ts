import { drawBars } from '../charts/bar-chart.ts';
import { type Html, html } from '../escape-html.ts';
import type { Evidence, RowOf } from '../evidence/evidence-tables.ts';
import { count, cutTable, dateTime, long, n, short } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

/** Who is there: every host of the workspace, managed or not. */
export const inventorySection: Section = {
  title: 'Inventory',
  render: (context) => {
    const { sources } = context.evidence;
    const rows = sources.hosts.map((host) => [host.host, host.zone === '' ? 'no zone' : host.zone, host.labels, host.addresses, host.managed ? host.os : 'not managed', dateTime(host.last_contact_at)]);
    return html`<p class="lead">Every host of the workspace, by name. Labels, addresses and operating systems as they were when the report was made.</p>
${cutTable([long('Host'), long('Zone'), long('Labels'), long('Addresses'), long('System'), short('Last contact')], rows, { limit: rowsOf(context, 600, 2000), file: 'hosts.csv', none: 'The workspace has no host.' })}`;
  },
};

/** How complete their records are: in steps as bars, then host by host. */
export const coverageSection: Section = {
  title: 'Coverage: how complete the records are',
  render: (context) => {
    const { sources, derived } = context.evidence;
    const hosts = new Map(sources.hosts.map((host) => [host.host, host]));
    const rows = derived.coverage.map((row) => {
      const offset = row.worst_clock_offset_ms;
      const host = hosts.get(row.host);
      return [row.host, host?.zone ?? '', row.with_agent ? (host?.agent_version ?? '') : isByStick(host) ? 'by stick' : 'no agent', host?.state ?? '', `${count(row.hours_recorded)} of ${count(row.hours_expected)}`, row.packets_lost, offset === null ? 'not known' : `${(offset / 1000).toFixed(1)} s`];
    });
    const byStick = new Set(sources.hosts.filter(isByStick).map(({ host }) => host));
    return html`${rows.length === 0 ? html`` : drawCoverage(derived.coverage.map((row) => ({ ...row, is_by_stick: byStick.has(row.host) })))}
${cutTable([long('Host'), long('Zone'), short('Agent'), short('Last read back'), short('Hours of data'), n('Packets lost'), n('Clock off')], rows, { limit: rowsOf(context, 600, 2000), file: 'coverage.csv', none: 'No host is managed.' })}`;
  },
};

/** No connection reaches it: what is known came in bundles. */
const isByStick = (host: RowOf<'hosts'> | undefined): boolean => host !== undefined && host.carried !== '';

type CoverageRow = Evidence['derived']['coverage'][number] & { readonly is_by_stick: boolean };
const shareOf = ({ hours_recorded: recorded, hours_expected: expected }: CoverageRow): number => (expected === 0 ? 0 : recorded / expected);
const STEPS: readonly { readonly title: string; readonly fill: 'ink' | 'hatch' | 'pale' | 'blank'; readonly isIn: (row: CoverageRow) => boolean }[] = [
  { title: 'Data for every hour', fill: 'ink', isIn: (row) => row.with_agent && shareOf(row) >= 1 },
  { title: 'For at least nine hours in ten', fill: 'hatch', isIn: (row) => row.with_agent && shareOf(row) >= 0.9 && shareOf(row) < 1 },
  { title: 'For fewer', fill: 'pale', isIn: (row) => row.with_agent && shareOf(row) > 0 && shareOf(row) < 0.9 },
  { title: 'With an agent, and no data', fill: 'blank', isIn: (row) => row.with_agent && shareOf(row) === 0 && !row.is_by_stick },
  { title: 'Reached by stick: no record over time', fill: 'blank', isIn: (row) => row.is_by_stick && shareOf(row) === 0 },
  { title: 'Without an agent', fill: 'blank', isIn: (row) => !row.with_agent && !row.is_by_stick },
];

function drawCoverage(coverage: readonly CoverageRow[]): Html {
  const entries = STEPS.map(({ title, fill, isIn }) => {
    const hosts = coverage.filter(isIn).length;
    return { title, value: hosts, text: `${hosts} ${hosts === 1 ? 'host' : 'hosts'}`, fill };
  });
  return drawBars(entries, { most: coverage.length, caption: 'Managed hosts by how many hours of the period their records cover (coverage.csv).' });
}
