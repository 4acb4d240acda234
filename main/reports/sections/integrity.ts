import { html } from '../escape-html.ts';
import { amount } from '../evidence/amount.ts';
import type { RowOf } from '../evidence/evidence-tables.ts';
import { cutTable, dateTime, long, n, short, yesNo } from '../evidence-html.ts';
import { rowsOf, type Section } from './section.ts';

export const integritySection: Section = {
  title: 'Drift and integrity',
  render: (context) => {
    const { sources } = context.evidence;
    const rows = sources.integrity.filter(({ event }) => !ROUTINE.has(event)).toSorted((a, b) => b.at - a.at).map((row) => [dateTime(row.at), row.host, row.event, row.detail]);
    return html`<p class="lead">Events that hosts recorded, and what the console saw; loads and confirmations of pushes are left out here and are in integrity.csv.</p>
<p class="lead">${describeReadBack(sources.hosts)}</p>
${cutTable([short('When'), long('Host'), short('Event'), long('Detail')], rows, { limit: rowsOf(context, 150, 1500), file: 'integrity.csv', none: 'No host recorded anything else.' })}`;
  },
};

/** That all is as confirmed is said only of hosts that were read back, and with how many they are; what waits for its confirmation runs what nobody has confirmed. */
function describeReadBack(hosts: readonly RowOf<'hosts'>[]): string {
  const drifted = hosts.filter(({ state }) => state === 'drifted');
  const pending = hosts.filter(({ state }) => state === 'pending');
  const confirmed = hosts.filter(({ state }) => state === 'as-confirmed').length;
  const told = [
    drifted.length === 0 ? '' : `▲ Read back with other rules than were confirmed: ${drifted.map(({ host }) => host).join(', ')}.`,
    pending.length === 0 ? '' : `▲ Read back with rules that wait for their confirmation: ${pending.map(({ host }) => host).join(', ')}.`,
  ].filter((text) => text !== '');
  if (told.length > 0) return told.join(' ');
  return confirmed === 0 ? 'No host was read back.' : `${amount(confirmed, 'host')} read back, with what was confirmed.`;
}

/** Told among the pushes already; all of them are in integrity.csv. */
const ROUTINE: ReadonlySet<string> = new Set(['applied', 'confirmed']);

export const exceptionSection: Section = {
  title: 'Exceptions',
  render: (context) => {
    const { waivers, containments, unmanaged_peers: peers, other_firewalls: firewalls, rules, zones } = context.evidence.sources;
    const open = zones.filter(({ mode, outbound, only_services: only }) => mode === 'enforce' && (outbound === 'open' || only !== ''));
    const { untilMs } = context.evidence.period;
    const doubtful = rules.flatMap((rule) => {
      const late = rule.review_on !== '' && Date.parse(rule.review_on) < untilMs ? `review was due on ${rule.review_on}` : '';
      const why = [rule.owner === '' ? 'no owner' : '', rule.reason === '' ? 'no reason' : '', late].filter((part) => part !== '');
      return why.length === 0 ? [] : [[`${rule.action} ${rule.from} → ${rule.to} on ${rule.services}`, why.join(', ')]];
    });
    const limit = rowsOf(context, 100, 1000);
    return html`<h3>Readiness checks that somebody waived</h3>
${cutTable([short('When'), long('Zone'), short('Check'), long('By'), long('Reason')], waivers.map((row) => [dateTime(row.at), `${row.zone} → ${row.mode}`, row.check, row.actor, row.reason]), { limit, file: 'waivers.csv', none: 'None was waived.' })}
<h3>Containments</h3>
${cutTable([short('From'), short('Until'), long('What'), long('By'), long('Reason')], containments.map((row) => [dateTime(row.starts_at), dateTime(row.ends_at), row.text, row.actor, row.reason]), { limit, file: 'containments.csv', none: 'There was none.' })}
<h3>Zones set to enforce that do not restrict everything</h3>
${cutTable([long('Zone'), short('Outbound'), long('Only these services')], open.map((row) => [row.zone, row.outbound, row.only_services === '' ? 'all' : row.only_services]), { limit, file: 'zones.csv', none: 'There is none.' })}
<h3>Rules without an owner or a reason, or past their review</h3>
${cutTable([long('Rule'), long('What is missing')], doubtful, { limit, file: 'rules.csv', none: 'There is none.' })}
<h3>Peers that are no host and in no IP list</h3>
${cutTable([short('Address'), n('Hosts that met it'), n('Connections'), short('Last hour')], peers.toSorted((a, b) => b.connections - a.connections).map((row) => [row.address, row.reporters, row.connections, dateTime(row.last_hour)]), { limit: rowsOf(context, 40, 600), file: 'unmanaged_peers.csv', none: 'There is none.' })}
<h3>Other firewalls on the hosts</h3>
${cutTable([long('Host'), long('Firewall'), long('State'), short('In play')], firewalls.map((row) => [row.host, row.firewall, row.state, yesNo(row.in_play)]), { limit, file: 'other_firewalls.csv', none: 'None was found.' })}`;
  },
};
