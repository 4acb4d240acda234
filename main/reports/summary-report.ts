import { type Html, html } from './escape-html.ts';
import type { ReportModel } from './report-model.ts';
import { reportStyle } from './report-style.ts';

/** So many rows keep the first page one page; what is left out is counted. */
const maxZones = 12;
const maxPushes = 6;
const maxWaivers = 5;
const maxNames = 6;
const maxEvidence = 6;

/** `2026-11-21 08:05 UTC`: the same text wherever the report is made. */
const dateTime = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const count = (n: number) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, '\u00a0');
const some = (names: readonly string[]) => names.slice(0, maxNames).join(', ') + (names.length > maxNames ? ` and ${names.length - maxNames} more` : '');

type LimitRow = { what: string; value: string; meaning: string; warn: boolean };

function limitRows({ limits }: ReportModel): LimitRow[] {
  const gap = Math.max(0, limits.hoursExpected - limits.hoursOfData);
  const without = limits.hostsInScope - limits.hostsWithAgent - limits.carried.withoutAgent;
  const byStick = limits.carried.withoutAgent === 0 ? '' : ` ${count(limits.carried.withoutAgent)} ${limits.carried.withoutAgent === 1 ? 'is' : 'are'} reached by stick only, and known as of ${limits.carried.withoutAgent === 1 ? 'its' : 'their'} bundles.`;
  const firewalls = limits.otherFirewalls.map(({ host, firewall }) => `${host} (${firewall})`);
  return [
    {
      what: 'Hosts in scope',
      value: count(limits.hostsInScope),
      meaning: `${count(limits.hostsWithAgent)} with the agent, ${count(without)} without: those are seen from the other end only and enforce nothing.${byStick}`,
      warn: limits.hostsWithAgent < limits.hostsInScope,
    },
    {
      what: 'Hosts that reported',
      value: `${count(limits.hostsReporting)} of ${count(limits.hostsWithAgent)}`,
      meaning: `${limits.silentHosts.length === 0 ? 'Every host with the agent that a connection reaches gave data for the period.' : `Nothing from ${some(limits.silentHosts)}.`}${limits.carried.withAgent === 0 ? '' : ` The records of ${count(limits.carried.withAgent)} that a stick reaches are not carried back.`}`,
      warn: limits.hostsReporting < limits.hostsWithAgent,
    },
    {
      what: 'Hours of data',
      value: `${count(limits.hoursOfData)} of ${count(limits.hoursExpected)}`,
      meaning: gap === 0 ? 'No gap.' : `${count(gap)} host hours have no data; what happened in them is not known.`,
      warn: gap > 0,
    },
    {
      what: 'Events lost',
      value: count(limits.eventsLost),
      meaning:
        limits.eventsLost === 0
          ? 'The kernels recorded every new connection.'
          : 'Connections that the kernels could count but not describe, because their tables were full.',
      warn: limits.eventsLost > 0,
    },
    {
      what: 'Unmanaged peers',
      value: count(limits.unmanagedPeers),
      meaning:
        limits.unmanagedPeers === 0 ? 'Every peer is a known host or IP list.' : 'Addresses that talked to these hosts and belong to no host and no IP list.',
      warn: limits.unmanagedPeers > 0,
    },
    ...(limits.carried.hosts === 0
      ? []
      : [
          {
            what: 'Carried bundles',
            value: count(limits.carried.hosts),
            meaning:
              limits.carried.unsigned.length === 0
                ? 'Known as they were when a stick was there, not by a connection; each bundle is signed.'
                : `Known as they were when a stick was there. Nobody signed what is known of ${some(limits.carried.unsigned)}: it may be made up.`,
            warn: limits.carried.unsigned.length > 0,
          },
        ]),
    {
      what: 'Other firewalls',
      value: count(limits.otherFirewalls.length),
      meaning: firewalls.length === 0 ? 'None found beside Firebreak’s own table.' : `They may drop before Firebreak sees a packet: ${some(firewalls)}.`,
      warn: firewalls.length > 0,
    },
  ];
}

function limitTable(model: ReportModel): Html {
  const rows = limitRows(model).map(
    (row) => html`<tr><th scope="row">${row.what}</th><td class="${row.warn ? 'warn' : ''}">${row.value}</td><td>${row.meaning}</td></tr>`,
  );
  return html`<table class="limits"><tbody>${rows}</tbody></table>`;
}

/** A sentence instead of rows when there are none, and one on what was cut. */
function table(head: Html, rows: readonly Html[], max: number, whenEmpty: string, what: string): Html {
  if (rows.length === 0) return html`<p class="nil">${whenEmpty}</p>`;
  const cut = rows.length > max ? html`<p class="nil">Left out here: ${rows.length - max} more ${what}.</p>` : html``;
  return html`<table><thead><tr>${head}</tr></thead><tbody>${rows.slice(0, max)}</tbody></table>${cut}`;
}

function zoneTable(model: ReportModel): Html {
  const head = html`<th scope="col">Zone</th><th scope="col">Draft</th><th scope="col">Its hosts run</th><th scope="col">Outbound</th><th scope="col" class="n">Hosts</th><th scope="col" class="n">Rules</th>`;
  const rows = model.zones.map(
    (zone) =>
      html`<tr><td>${zone.name}</td><td class="mode">${zone.mode}</td><td class="${zone.runs.every((run) => run.what === zone.mode) ? '' : 'warn'}">${runsText(zone)}</td><td>${zone.outbound}</td><td class="n">${count(zone.hosts)}</td><td class="n">${count(zone.rules)}</td></tr>`,
  );
  const rest =
    model.hostsWithoutZone === 0
      ? html``
      : html`<p class="nil">Hosts in no zone: ${count(model.hostsWithoutZone)}. They are observed; nothing is blocked on them.</p>`;
  return html`${table(head, rows, maxZones, 'There is no zone yet: every host is observed, nothing is blocked.', 'zones')}${rest}`;
}

/** `enforce on 2` for each thing that its hosts run; the draft alone proves nothing. */
const runsText = (zone: ReportModel['zones'][number]) =>
  zone.runs.length === 0 ? 'no hosts' : zone.runs.map((run) => `${run.what} on ${count(run.hosts)}`).join(', ');

/** On what zones were moved; the waivers of the period have a table of their own. */
function evidenceList({ evidence }: ReportModel): Html {
  const lines = evidence.slice(0, maxEvidence).map(({ zone, mode, actor, atMs, met, open, waived, isStale }) => {
    if (atMs === null) return html`<li>${zone} → ${mode}: no evidence was stored.</li>`;
    const overruled = waived.length === 0 ? 'none waived' : `waived: ${waived.map((one) => `${one.check} by ${one.actor} (${one.reason})`).join(', ')}`;
    return html`<li>${zone} → ${mode}, ${dateTime(atMs)}, ${actor ?? ''}: ${count(met)} checks met, ${count(open)} to look at, ${overruled}.${isStale ? ' Its rules or hosts have changed since.' : ''}</li>`;
  });
  const cut = evidence.length > maxEvidence ? html`<p class="nil">Left out here: ${evidence.length - maxEvidence} more zones; firebreak version show has all.</p>` : html``;
  return evidence.length === 0 ? html`<p class="nil">No zone was moved to test or enforce.</p>` : html`<ul class="nil">${lines}</ul>${cut}`;
}

function waiverTable(model: ReportModel): Html {
  const head = html`<th scope="col">When</th><th scope="col">Zone</th><th scope="col">Check</th><th scope="col">By</th><th scope="col">Reason</th>`;
  const rows = model.waivers.map(
    (waiver) =>
      html`<tr><td class="short">${dateTime(waiver.atMs)}</td><td>${waiver.zone} → ${waiver.mode}</td><td>${waiver.check}</td><td class="long">${waiver.actor}</td><td class="long">${waiver.reason}</td></tr>`,
  );
  return table(head, rows, maxWaivers, 'No check was waived.', 'waivers');
}

function verdictTable({ verdicts }: ReportModel): Html {
  const row = (what: string, value: number, meaning: string) =>
    html`<tr><td class="short">${what}</td><td class="n">${count(value)}</td><td>${meaning}</td></tr>`;
  return html`<table><thead><tr><th scope="col">Verdict</th><th scope="col" class="n">Connections</th><th scope="col">Meaning</th></tr></thead><tbody>
${row('Accepted', verdicts.accepted, 'Let through: by a rule, or because nothing is enforced there.')}
${row('Would block', verdicts.wouldBlock, 'Let through in test mode; enforcing would have refused them.')}
${row('Blocked', verdicts.blocked, 'Refused. Retries of one client count each.')}</tbody></table>`;
}

function pushTable(model: ReportModel): Html {
  const head = html`<th scope="col">When</th><th scope="col">What</th><th scope="col">By</th><th scope="col">Note</th><th scope="col">Outcome</th><th scope="col" class="n">Hosts</th>`;
  const rows = model.pushes.map(
    (push) =>
      html`<tr><td class="short">${dateTime(push.startedAtMs)}</td><td>${push.kind} of ${push.version}</td><td class="long">${push.author}</td><td class="long">${push.note}</td><td class="${push.outcome === 'confirmed' ? 'short' : 'warn'}">${push.outcome}</td><td class="n">${push.hostsConfirmed} of ${push.hostsInAll}</td></tr>`,
  );
  return table(head, rows, maxPushes, 'Nothing was pushed yet.', 'pushes');
}

/** Every figure with how it is computed, and what it leaves out. */
function kpiTable({ kpis }: ReportModel): Html {
  const head = html`<th scope="col">Figure</th><th scope="col">Value</th><th scope="col">How it is computed, and what it leaves out</th>`;
  const rows = kpis.map(({ title, value, text, formula, limits }) => html`<tr><th scope="row">${title}</th><td class="${value === null ? 'warn' : ''}">${text}</td><td>${formula}.${limits === '' ? '' : ` ${limits[0]?.toUpperCase() ?? ''}${limits.slice(1)}.`}</td></tr>`);
  return table(head, rows, kpis.length, 'No figure was asked for.', 'figures');
}

/**
 * The summary as a whole HTML document: what is not known first, then zones, verdicts, pushes; on a second page the KPIs. Pure; the same model gives
 * the same bytes. Every text is escaped, and the document forbids itself script and network, should an escape ever be forgotten.
 */
export function renderSummaryReport(model: ReportModel): string {
  const policy = model.policyVersion === null ? 'no policy was pushed yet' : `policy version ${model.policyVersion}`;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Segmentation summary: ${model.workspace}</title><style>${{ html: reportStyle }}</style></head><body>
<h1>Segmentation summary</h1>
${model.sample ? html`<p class="sample">Sample: made-up hosts and flows. This page says nothing about any real network.</p>` : html``}
<p class="about">${model.workspace} · ${dateTime(model.period.fromMs)} to ${dateTime(model.period.toMs)} · ${policy}${model.draftChanged ? ', with changes in the draft that are not pushed' : ''}<br>
Made ${dateTime(model.generatedAtMs)} by ${model.generatedBy} with Firebreak ${model.console}</p>
<h2>Read this first: what this page does not know</h2>
${limitTable(model)}
<h2>Zones</h2>
${zoneTable(model)}
<h2>On what zones were moved</h2>
${evidenceList(model)}
<h2>Checks that were waived to change a zone’s mode</h2>
${waiverTable(model)}
<h2>What the hosts’ kernels did in the period</h2>
${verdictTable(model)}
<h2>Last pushes, and how many hosts confirmed them</h2>
${pushTable(model)}
<h2 class="next-page">Key figures of the policy in the period</h2>
${kpiTable(model)}
</body></html>
`.html;
}
