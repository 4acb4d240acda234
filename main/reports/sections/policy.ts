import { drawZoneMatrix, listDrawnEnds } from '../charts/zone-matrix.ts';
import { groupName } from '../charts/traffic-groups.ts';
import { html } from '../escape-html.ts';
import type { RowOf } from '../evidence/evidence-tables.ts';
import { count, cutTable, dateTime, long, n, short } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

export const ruleSection: Section = {
  title: 'Rules: who answers for them, why, and whether they are used',
  render: (context) => {
    const { sources, derived } = context.evidence;
    const use = new Map(derived.rule_use.map((row) => [row.rule, row]));
    const rows = sources.rules.map((rule) => {
      const own = use.get(rule.rule);
      const hits = own === undefined || own.hosts_read === 0 ? 'not read' : `${count(own.packets)} on ${own.hosts_read}`;
      const what = `${rule.action} ${rule.from} → ${rule.to} on ${rule.services}${rule.conditions === '' ? '' : `; ${rule.conditions}`}`;
      const dates = [rule.first_pushed_at === null ? 'not pushed' : `since ${new Date(rule.first_pushed_at).toISOString().slice(0, 10)}`, rule.review_on && `review ${rule.review_on}`, rule.expires_on && `expires ${rule.expires_on}`];
      return [html`${what}<br><span class="id">${rule.rule}</span>`, rule.owner === '' ? '▲ none' : rule.owner, [rule.reason === '' ? '▲ no reason' : rule.reason, rule.ticket].filter((part) => part !== '').join(' · '), dates.filter((part) => part !== '').join(', '), hits];
    });
    return html`<p class="lead">Packets that the kernels counted for a rule, on so many hosts whose counters were read; they count since the rules were loaded there.</p>
${cutTable([long('Rule'), long('Owner'), long('Reason'), long('Dates'), n('Packets')], rows, { limit: rowsOf(context, 400, 2000), file: 'rules.csv', none: 'No rule was pushed.' })}`;
  },
};

/** The drawing, and the same in words where something passes. */
export const matrixSection: Section = {
  title: 'Zone matrix: what may pass from zone to zone',
  render: (context) => {
    const { sources } = context.evidence;
    const drawn = new Set(listDrawnEnds(context.evidence));
    const passing = sources.zone_matrix.filter(({ passes, from, to }) => (passes === 'everything' || passes === 'services') && drawn.has(from) && drawn.has(to));
    // To whom the same passes stands in one row: where little is enforced everything passes nearly everywhere.
    const rows = [...Map.groupBy(passing, (row) => `${row.from} ${describePassing(row)}`).values()].flatMap(([first, ...rest]) =>
      first === undefined ? [] : [[groupName(first.from), [first, ...rest].map(({ to }) => groupName(to)).join(', '), describePassing(first)]],
    );
    return html`${drawZoneMatrix(context.evidence)}
${cutTable([long('From'), long('To'), long('What may pass')], rows, { limit: rowsOf(context, 150, 900), file: 'zone_matrix.csv', none: 'Between no two of them does anything pass.' })}`;
  },
};

function describePassing({ passes, services, some_services: some, only_in_test: onlyInTest }: RowOf<'zone_matrix'>): string {
  const test = onlyInTest ? ', some of it only because an end tests' : '';
  if (passes === 'everything') return `everything${test}`;
  const named = some.split(' ');
  return `${named.join(', ')}${services > named.length ? ` and ${services - named.length} more` : ''}${test}`;
}

export const changeSection: Section = {
  title: 'Pushes and changes of the policy',
  render: (context) => {
    const { sources } = context.evidence;
    const stepsOf = Map.groupBy(sources.push_steps, ({ push }) => push);
    const pushes = sources.pushes.map((push) => [dateTime(push.started_at), `${push.kind} of ${push.version}`, push.author, push.note, push.outcome, describeHosts(stepsOf.get(push.push) ?? [])]);
    const changes = sources.changes.map((row) => [row.version, dateTime(row.at), row.author, `${row.what} ${row.name} ${row.change}`, row.change === 'changed' ? `${row.before} ⇒ ${row.after}` : row.after + row.before]);
    return html`${cutTable([short('When'), short('What'), long('By'), long('Note'), short('Outcome'), n('Hosts confirmed')], pushes, { limit: rowsOf(context, 200, 1000), file: 'pushes.csv', none: 'Nothing was pushed in the period.' })}
<h3>What changed</h3>
${cutTable([n('Version'), short('When'), long('By'), long('Change'), long('What')], changes, { limit: rowsOf(context, 200, 2000), file: 'changes.csv', none: 'No version of the period changed anything.' })}`;
  },
};

/** By the last step of each host; hosts that had nothing to change are skipped. */
function describeHosts(steps: readonly RowOf<'push_steps'>[]): string {
  const last = [...new Map(steps.map(({ host, step }) => [host, step])).values()];
  const skipped = last.filter((step) => step === 'skipped').length;
  return `${last.filter((step) => step === 'confirmed').length} of ${last.length - skipped}${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}
