import type { HostAudit, OfflineAudit } from '../../../shared/offline-audit/offline-audit.ts';
import { type Html, html } from '../escape-html.ts';

const MAX_COLUMNS = 14;
const ROW = 16;
const LEFT = 190;
const TOP = 150;
const COLUMN = 26;
const OPEN = 380;
const MAX_OPEN = 8;
/** So many rows and their heads are a page of A4. */
const PAGE_ROWS = 46;

/** Hosts drawn as one row: those of a role in an environment, or one host where nothing says what it is. */
type Row = { readonly name: string; readonly hosts: HostAudit[] };
type Column = { readonly from: string; readonly hosts: number };

/**
 * Who may reach whom by the rules, as a matrix: a row for each group of hosts, a column for each source that rules name on most hosts, and what is open to everyone in words.
 * A full square: all hosts of the row let the source in for certain; a half one: some, or not for certain, which in words is a question mark. A ring: flows of the logs went to a host of the row. Form alone tells, so it can be printed in black and white. One drawing a page.
 */
export function drawReach({ hosts }: OfflineAudit): Html[] {
  const [rows, columns] = [groupHosts(hosts), chooseColumns(hosts)];
  return Array.from({ length: Math.ceil(rows.length / PAGE_ROWS) }, (_, page) => drawRows(rows.slice(page * PAGE_ROWS, (page + 1) * PAGE_ROWS), columns));
}

function drawRows(rows: readonly Row[], columns: readonly Column[]): Html {
  const width = LEFT + columns.length * COLUMN + OPEN + 20;
  const height = TOP + rows.length * ROW + 30;
  const heads = columns.map(({ from, hosts }, place) => {
    const x = LEFT + place * COLUMN + COLUMN / 2;
    return html`<text transform="translate(${x + 4} ${TOP - 8}) rotate(-60)"><title>${from}: ${hosts} hosts</title>${short(from, 24)}</text>`;
  });
  return html`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="Who may reach whom by the rules" font-family="sans-serif" font-size="9" fill="#16191d">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="4" y="${TOP - 8}" font-weight="600">Hosts</text>${heads}<text x="${LEFT + columns.length * COLUMN + 12}" y="${TOP - 8}" font-weight="600">Open to everyone</text>
${rows.map((row, place) => drawRow(row, columns, TOP + place * ROW))}
</svg>`;
}

/** The whole as one file. */
export const printReachDrawing = ({ hosts }: OfflineAudit): string => `<?xml version="1.0" encoding="UTF-8"?>\n${drawRows(groupHosts(hosts), chooseColumns(hosts)).html}\n`;

function drawRow({ name, hosts }: Row, columns: readonly Column[], y: number): Html {
  const open = listOpen(hosts);
  const flows = hosts.reduce((sum, host) => sum + host.flows, 0);
  const marks = columns.map(({ from }, place) => {
    const letIn = hosts.flatMap(({ admits }) => {
      const named = (admits ?? []).filter((row) => !row.isWorld && row.from.includes(from));
      return named.length === 0 ? [] : [named.some(({ isSure }) => isSure)];
    });
    const isFull = letIn.length === hosts.length && letIn.every(Boolean);
    const x = LEFT + place * COLUMN + COLUMN / 2 - 5;
    if (letIn.length === 0) return html`<rect x="${x + 4}" y="${y + 7}" width="2" height="2" fill="#b5bcc4"/>`;
    return isFull ? html`<rect x="${x}" y="${y + 3}" width="10" height="10"/>` : html`<path d="M${x} ${y + 13}V${y + 3}L${x + 10} ${y + 13}Z"/><rect x="${x}" y="${y + 3}" width="10" height="10" fill="none" stroke="#16191d"/>`;
  });
  const shown = open.slice(0, MAX_OPEN).join(', ') + (open.length > MAX_OPEN ? ` and ${open.length - MAX_OPEN} more` : '');
  return html`<g><line x1="0" x2="${LEFT + columns.length * COLUMN + OPEN}" y1="${y + ROW}" y2="${y + ROW}" stroke="#e3e6ea"/>
<text x="4" y="${y + 12}">${short(name, 30)}${hosts.length > 1 ? ` (${hosts.length})` : ''}</text>${flows > 0 ? html`<circle cx="${LEFT - 12}" cy="${y + 8}" r="4" fill="none" stroke="#16191d" stroke-width="1.5"><title>${flows} flows</title></circle>` : html``}${marks}<text x="${LEFT + columns.length * COLUMN + 12}" y="${y + 12}">${shown}</text></g>`;
}

/** What is open to everyone on any of the hosts; with a question mark where on none of them for certain. */
function listOpen(hosts: readonly HostAudit[]): string[] {
  const isSureOf = new Map<string, boolean>();
  for (const { isWorld, isSure, protocol, ports } of hosts.flatMap(({ admits }) => admits ?? [])) {
    if (!isWorld || protocol.startsWith('icmp')) continue;
    const service = ports === 'all' ? protocol : `${protocol}/${ports}`;
    isSureOf.set(service, isSure || isSureOf.get(service) === true);
  }
  return [...isSureOf].map(([service, isSure]) => (isSure ? service : `${service}?`));
}

const short = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

function groupHosts(hosts: readonly HostAudit[]): Row[] {
  const rows = new Map<string, HostAudit[]>();
  for (const host of hosts) {
    const { role, env } = host.labels;
    const name = role === undefined ? host.name : env === undefined ? role : `${role} ${env}`;
    rows.set(name, [...(rows.get(name) ?? []), host]);
  }
  return [...rows].map(([name, members]) => ({ name, hosts: members })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** What most hosts name first. */
function chooseColumns(hosts: readonly HostAudit[]): Column[] {
  const named = new Map<string, number>();
  for (const { admits } of hosts) for (const from of new Set((admits ?? []).flatMap((row) => (row.isWorld ? [] : row.from)))) named.set(from, (named.get(from) ?? 0) + 1);
  return [...named].map(([from, count]) => ({ from, hosts: count })).sort((a, b) => b.hosts - a.hosts || (a.from < b.from ? -1 : 1)).slice(0, MAX_COLUMNS);
}
