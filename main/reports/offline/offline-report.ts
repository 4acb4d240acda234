import { OFFLINE_CODES, OFFLINE_TITLES, type OfflineAudit } from '../../../shared/offline-audit/offline-audit.ts';
import { type FindingGroup, groupBlindSpots, groupFindings, sumAudit } from '../../../shared/offline-audit/summarize.ts';
import { type Html, html } from '../escape-html.ts';
import { reportStyle } from '../report-style.ts';
import { drawReach } from './reach-drawing.ts';

const MAX_ROWS = 40;
const MAX_BLIND = 60;
const MAX_HOSTS_NAMED = 2;
const style = `${reportStyle}
svg { display: block; width: 100%; height: auto; break-inside: avoid; }
table.found, table.blind { table-layout: fixed; }
.found .what { width: 40%; } .found .hosts { width: 26%; } .found .n { width: 14%; } .found.brief .what { width: 50%; } .found.brief .hosts { width: 36%; }
.blind .first { width: 28%; } .blind .text { width: 26%; } .blind .n { width: 8%; }
.found td, .blind td { overflow-wrap: anywhere; }
code { font: 7.6pt "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
`;

/** The audit as a whole HTML document: limits first, then figures, findings, blind spots and the drawing. Pure, inert, reaches nothing; what is left out is counted (the CSV has all). */
export function renderOfflineReport(audit: OfflineAudit, { madeAtMs, madeBy }: { madeAtMs: number; madeBy: string }): string {
  const groups = groupFindings(audit.findings);
  const unsigned = new Set(audit.hosts.filter(({ origin }) => origin?.isSigned === false).map(({ name }) => name));
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit without an agent</title><style>${{ html: style }}</style></head><body>
<h1>Audit without an agent</h1>
<p class="about">From files alone: rules of ${audit.hosts.length} hosts and ${audit.logs.length} flow logs. Nothing was connected to.<br>Made ${new Date(madeAtMs).toISOString().slice(0, 16).replace('T', ' ')} UTC by ${madeBy} with Firebreak</p>
<h2>Read this first: what this audit does not know</h2>
<ul>${audit.limits.map((limit) => html`<li>${limit}</li>`)}</ul>
<h2>Figures</h2>
${figureTable(audit)}
${bundleTable(audit)}
${OFFLINE_CODES.map((code) => findingSection(OFFLINE_TITLES[code], groups.filter((group) => group.code === code), unsigned))}
<h2>Blind spots: what was not understood, and is not in any figure above</h2>
${blindTable(audit)}
<h2 class="next-page">Who may reach whom by the rules</h2>
<p class="nil">A full square: every host of the row lets the source in for certain. A half one: some do, or not for certain. A question mark: open to everyone, not for certain. A ring: flows of the logs went there. Sources are those that most hosts name; the CSV has all.</p>
${drawReach(audit)}
</body></html>
`.html;
}

function figureTable(audit: OfflineAudit): Html {
  const figures = sumAudit(audit);
  const row = (what: string, value: number, meaning: string) => html`<tr><th scope="row">${what}</th><td class="n">${value}</td><td>${meaning}</td></tr>`;
  return html`<table class="limits"><tbody>
${row('Hosts', figures.hosts, `${figures.hostsWithRules} with rules in ${figures.files} files.${figures.unsignedHosts === 0 ? '' : ` ▲ ${figures.unsignedHosts} known by bundles that nobody signed: anybody may have made them.`}`)}
${row('Rules', figures.rules, `${figures.exactRules} understood in every part.`)}
${row('Let in', figures.admitted, `Services with their sources, over all hosts; ${figures.openToAll} of them from everyone.`)}
${figures.listening === 0 ? html`` : row('Listening', figures.listening, 'Services on other addresses than loopback, by the word of their hosts.')}
${row('Blind spots', figures.blindSpots, 'Places that were not understood. What they decide counts as uncertain, not as refused.')}
${row('Flows', figures.flows, `${figures.flowsToHosts} end at these hosts, with ${figures.connections} connections.`)}
${audit.logs.map((log) => row('Log', log.taken, `of ${log.rows} rows of ${log.path} (${log.format}) were taken.${log.leftOut.length === 0 ? '' : ` Left out: ${log.leftOut.map(({ rows, reason }) => `${rows} (${reason})`).join(', ')}.`}`))}
${audit.unread.slice(0, MAX_ROWS).map(({ path, reason }) => html`<tr><th scope="row">Not read</th><td class="warn"></td><td>${path}: ${reason}</td></tr>`)}
</tbody></table>`;
}

function findingSection(title: string, groups: readonly FindingGroup[], unsigned: ReadonlySet<string>): Html {
  if (groups.length === 0) return html``;
  // What is the same in each row is said once.
  const isSame = groups.every(({ sentence }) => sentence === groups[0]?.sentence);
  const rows = groups.slice(0, MAX_ROWS).map(({ subject, hosts, connections, sentence }) => html`<tr><td><code>${subject}</code></td><td>${namesText(hosts.map((host) => (unsigned.has(host) ? `${host} (UNSIGNED)` : host)))}</td><td class="n">${connections}</td>${isSame ? html`` : html`<td>${sentence}</td>`}</tr>`);
  const cut = groups.length > MAX_ROWS ? html`<p class="nil">Left out here: ${groups.length - MAX_ROWS} more.</p>` : html``;
  return html`<h2>${title}</h2>${isSame ? html`<p>${groups[0]?.sentence ?? ''}</p>` : html``}<table class="found ${isSame ? 'brief' : ''}"><thead><tr><th scope="col" class="what">What</th><th scope="col" class="hosts">Hosts</th><th scope="col" class="n">Connections</th>${isSame ? html`` : html`<th scope="col">What it means</th>`}</tr></thead><tbody>${rows}</tbody></table>${cut}`;
}

const namesText = (hosts: readonly string[]): string => (hosts.length > MAX_HOSTS_NAMED ? `${hosts.length} hosts: ${hosts.slice(0, MAX_HOSTS_NAMED).join(', ')} …` : hosts.join(', '));

/** The same reason at the same text is one row, with on how many hosts. */
function blindTable({ hosts }: OfflineAudit): Html {
  const sorted = groupBlindSpots(hosts);
  if (sorted.length === 0) return html`<p class="nil">None.</p>`;
  const rows = sorted.slice(0, MAX_BLIND).map(({ text, reason, first, hosts: on }) => html`<tr><td>${first}</td><td><code>${text}</code></td><td>${reason}</td><td class="n">${on.length}</td></tr>`);
  const cut = sorted.length > MAX_BLIND ? html`<p class="nil">Left out here: ${sorted.length - MAX_BLIND} more.</p>` : html``;
  return html`<table class="blind"><thead><tr><th scope="col" class="first">First at</th><th scope="col" class="text">Text</th><th scope="col">Why</th><th scope="col" class="n">Hosts</th></tr></thead><tbody>${rows}</tbody></table>${cut}`;
}

/** Whom files in bundles tell of, and whether anybody signed them; nothing where there are no bundles. */
function bundleTable({ hosts }: OfflineAudit): Html {
  const carried = hosts.filter(({ origin }) => origin !== null);
  if (carried.length === 0) return html``;
  const rows = carried.slice(0, MAX_ROWS).map(({ name, origin, files, listening }) => html`<tr><td>${name}</td><td${origin?.isSigned === false ? html` class="warn"` : html``}>${origin?.isSigned === true ? 'signed' : 'UNSIGNED'}</td><td>${origin?.bundle ?? ''}</td><td>${files.map(({ path }) => path).join(', ') || 'no listing of rules in it'}</td><td class="n">${listening?.length ?? ''}</td></tr>`);
  const cut = carried.length > MAX_ROWS ? html`<p class="nil">Left out here: ${carried.length - MAX_ROWS} more.</p>` : html``;
  return html`<h2>Hosts from carried bundles</h2><table><thead><tr><th scope="col">Host</th><th scope="col">Signature</th><th scope="col">Bundle</th><th scope="col">Rules in it</th><th scope="col" class="n">Listening</th></tr></thead><tbody>${rows}</tbody></table>${cut}`;
}
