import type { FlowRow } from '../../../shared/contract/views.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';

const HEADER = ['from', 'to', 'reporter', 'direction', 'peer_address', 'service', 'user', 'unit', 'process', 'zone', 'kernel_did', 'draft_would', 'connections', 'first_seen_utc', 'last_seen_utc', 'source'];

/** These rows as RFC 4180 text with a header. Cells that a spreadsheet would run get a leading quote, as in the exported file. */
export const printFlowsCsv = (rows: readonly FlowRow[]): string => [HEADER, ...rows.map(cellsOf)].map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');

function cellsOf(row: FlowRow): string[] {
  const [from, to] = row.direction === 'out' ? [row.reporterName, row.peerName] : [row.peerName, row.reporterName];
  const times = [row.firstSeenAtMs, row.lastSeenAtMs].map((atMs) => new Date(atMs).toISOString());
  return [from, to, row.reporterName, row.direction, row.peerAddress, serviceText(row), row.user ?? '', row.unit ?? '', row.process ?? '', row.zone ?? '', row.verdict, row.draft.kind, String(row.connections), ...times, row.origin?.name ?? ''];
}

function cellText(value: string): string {
  const inert = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
