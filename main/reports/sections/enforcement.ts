import { drawHostModes } from '../charts/mode-chart.ts';
import { type Html, html } from '../escape-html.ts';
import { count, cutTable, dateTime, hours, long, n, short, yesNo } from '../evidence-html.ts';
import { listGaps } from '../list-exceptions.ts';
import { drawModes } from '../mode-strip.ts';
import { rowsOf, type Section, type SectionContext } from './section.ts';

/** Zones, then hosts over the period, then every gap with its cause. */
export const enforcementSection: Section = {
  title: 'Zones: enforced throughout the period?',
  render: (context) => {
    const { sources, derived, period } = context.evidence;
    const settings = new Map(sources.zones.map(({ zone, outbound, only_services: only }) => [zone, { outbound, only: only === '' ? 'all' : only }]));
    const zones = derived.zone_enforcement.map((row) => [row.zone, row.wanted_mode, settings.get(row.zone)?.outbound ?? '', settings.get(row.zone)?.only ?? '', row.hosts, row.hosts_throughout, row.gaps, yesNo(row.hosts > 0 && row.hosts === row.hosts_throughout)]);
    const spansOf = Map.groupBy(derived.mode_history, ({ host }) => host);
    const hosts = derived.enforcement.map((row) => [row.host, row.zone, yesNo(row.enforced_throughout), hours(row.enforced_seconds), row.gaps, drawModes(spansOf.get(row.host) ?? [], period)]);
    return html`<p class="lead">“Yes” only if at every moment of the period the host ran enforce for this zone, with the rules that were confirmed, and its record shows it. One gap fails it.</p>
${cutTable([long('Zone'), short('Set to'), short('Outbound'), long('Services'), n('Hosts'), n('Throughout'), n('Gaps'), short('All of it')], zones, { limit: 200, file: 'zone_enforcement.csv', none: 'No zone was pushed.' })}
${drawHostModes(context.evidence)}
<h3>Each host, and what it ran from the beginning of the period to its end</h3>
<p class="lead">Black: enforce. Dark grey: test. Light grey: observe. White: none of these, or not known (mode_history.csv).</p>
${cutTable([long('Host'), long('Zone'), short('Throughout'), n('Hours enforced'), n('Gaps'), short('What it ran')], hosts, { limit: rowsOf(context, 600, 2000), file: 'enforcement.csv', none: 'No managed host is in a zone.' })}
<h3>Gaps on hosts of zones set to enforce, and their causes</h3>
${gapTable(context)}`;
  },
};

/** The gaps alone, where a report is about what is missing. */
export const gapSection: Section = { title: 'Gaps in what is shown to be enforced, with their causes', render: (context) => html`<p class="lead">Times at which a host of a zone set to enforce was not shown to do so.</p>
${gapTable(context)}` };

/** Of hosts whose zone need not enforce the number says enough. */
function gapTable(context: SectionContext): Html {
  const { derived } = context.evidence;
  const gaps = listGaps(derived).map((row) => [row.host, row.zone, dateTime(row.from), dateTime(row.until), hours(row.seconds), row.cause]);
  const others = derived.enforcement_gaps.length - gaps.length;
  return html`${cutTable([long('Host'), long('Zone'), short('From'), short('Until'), n('Hours'), long('Cause')], gaps, { limit: rowsOf(context, 300, 1000), file: 'enforcement_gaps.csv', none: 'There is none.' })}
${others === 0 ? html`` : html`<p class="about">${count(others)} more are on hosts of zones that are set to observe or test, where that is no failure (enforcement_gaps.csv).</p>`}`;
}
