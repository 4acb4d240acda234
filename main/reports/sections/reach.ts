import { CONCLUSION_WORDS } from '../../../shared/reach-proof/conclude-try.ts';
import { html } from '../escape-html.ts';
import { amount } from '../evidence/amount.ts';
import type { EvidenceDerived, RowOf } from '../evidence/evidence-tables.ts';
import { cutTable, dateTime, long, n, short } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

/** Runs, sums from zone to zone, then what did not come out as policy says, then the rest. */
export const reachSection: Section = {
  title: 'Reachability: what hosts tried, and what both ends saw',
  render: (context) => {
    const { sources, derived } = context.evidence;
    if (sources.reach_proofs.length === 0) return html`<p class="nil">Nothing was tried in the period; “firebreak prove reach” does.</p>`;
    const runs = sources.reach_proofs.map((row) => [row.proof, dateTime(row.started_at), row.by, row.version ?? 'none', row.zone === '' ? 'all' : row.zone, row.sample, row.seed]);
    const zones = derived.reach_zones.map((row) => [zone(row.from_zone), zone(row.to_zone), row.tries, row.allowed, row.blocked, row.contradicts, row.not_proven]);
    const rows = derived.reach_conclusions.flatMap((row, i) => toRow(row, sources.reach_tries[i]));
    const wrong = rows.filter(({ conclusion }) => conclusion === 'contradicts');
    const open = rows.filter(({ conclusion }) => conclusion === 'not-proven');
    const proven = rows.filter(({ conclusion }) => conclusion === 'allowed' || conclusion === 'blocked');
    const table = (some: typeof rows, none: string) =>
      cutTable([n('Run'), long('Asked by'), long('From'), long('To'), long('Policy'), long('Seen'), long('What follows')], some.map(({ cells }) => cells), { limit: rowsOf(context, 150, 1500), file: 'reach_tries.csv', none });
    return html`<p class="lead">The hosts themselves opened TCP connections that policy tests ask for, and a sample of what their rules allow and forbid between zones. Meanwhile the kernels of both ends watched for each one before and after all rules.
“Proven” means that both ends saw it: a time-out alone is none. Tried by root, in a session of SSH; what depends on a user, a group or a unit is not proven by it. ${amount(wrong.length, 'connection')} against policy, ${open.length} not proven.</p>
${cutTable([n('Run'), short('When'), long('By'), n('Version'), long('Zone'), n('Sample'), n('Seed')], runs, { limit: 100, file: 'reach_proofs.csv', none: '' })}
<h3>From zone to zone</h3>
${cutTable([long('From'), long('To'), n('Connections'), n('Proven allowed'), n('Proven blocked'), n('Against policy'), n('Not proven')], zones, { limit: 300, file: 'reach_zones.csv', none: '' })}
<h3>Against what policy says</h3>
${table(wrong, 'None was.')}
<h3>Not proven, and why</h3>
${table(open, 'All was proven.')}
<h3>Proven</h3>
${table(proven, 'Nothing was proven.')}`;
  },
};

const WORDS: ReadonlyMap<string, string> = new Map(Object.entries(CONCLUSION_WORDS));
const zone = (name: string): string => (name === '' ? 'no zone' : name);

function toRow(row: EvidenceDerived['reach_conclusions'][number], tried: RowOf<'reach_tries'> | undefined) {
  if (tried === undefined) return [];
  const at = (name: string, address: string) => (name === '' ? '' : `${name} ${address}`);
  const seen = tried.untried !== '' ? 'not tried' : `${tried.answer}; sent ${tried.sent}, left ${tried.left}, arrived ${tried.arrived}, entered ${tried.entered}`;
  const follows = `${row.conclusion === 'contradicts' ? '▲ ' : ''}${WORDS.get(row.conclusion) ?? row.conclusion}: ${row.cause}`;
  return [{ conclusion: row.conclusion, cells: [row.proof, tried.test === '' ? 'the sample' : tried.test, at(row.from, row.source), row.port === 0 ? '' : `${at(row.to, row.destination)} tcp/${row.port}`, row.expect === 'allow' ? 'must reach' : 'must not', seen, follows] }];
}
