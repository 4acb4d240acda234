import { drawDays } from '../charts/day-chart.ts';
import { drawSiteMap, listMapRows } from '../charts/site-map.ts';
import { html } from '../escape-html.ts';
import { cutTable, dateTime, long, n, short } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

export const refusedSection: Section = {
  title: 'Blocked, and what enforcing would have blocked',
  render: (context) => {
    const { sources } = context.evidence;
    const rows = sources.refused_flows
      .toSorted((a, b) => b.connections - a.connections)
      .map((row) => [row.verdict, row.reporter, row.direction, row.peer === row.peer_address ? row.peer : `${row.peer} (${row.peer_address})`, `${row.protocol}/${row.port}`, row.connections, dateTime(row.last_seen)]);
    return html`${drawDays(context.evidence)}
<p class="lead">By connections; retries of one client count each. Where both ends report a conversation it is told twice.</p>
${cutTable([short('Verdict'), long('Reporter'), short('Direction'), long('Peer'), short('Service'), n('Connections'), short('Last seen')], rows, { limit: rowsOf(context, 150, 1500), file: 'refused_flows.csv', none: 'Nothing was blocked, and nothing would have been.' })}`;
  },
};

export const mapSection: Section = {
  title: 'Appendix: map of who spoke with whom',
  render: (context) => html`${drawSiteMap(context.evidence)}
<h3>Connections from group to group</h3>
<p class="lead">The larger of what consumers and what providers reported, so that no conversation counts twice.</p>
${cutTable([long('From'), long('To'), n('Accepted'), n('Would block'), n('Blocked')], listMapRows(context.evidence), { limit: rowsOf(context, 150, 1000), file: 'traffic.csv', none: 'Nothing was seen in the period.' })}`,
};
