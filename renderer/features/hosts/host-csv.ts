import type { HostView } from '../../../shared/contract/views.ts';
import { POSTURE_FACTS } from '../../../shared/model/posture.ts';
import { printLabels } from '../../../shared/text/label-text.ts';
import { POSTURE_TITLES } from '../../../shared/text/posture-text.ts';
import { timeText } from '../../../shared/text/time-text.ts';

const HEAD = ['host', 'state', 'zone', 'labels', 'addresses', 'desired mode', 'desired rules', 'applied version', 'applied mode', 'applied rules', 'verified at (UTC)', 'agent', 'last contact (UTC)', 'last error', 'note', ...POSTURE_FACTS.map((fact) => POSTURE_TITLES[fact].toLowerCase())];
const timeOrNothing = (atMs: number | null): string => (atMs === null ? '' : timeText(atMs));

/** The hosts as RFC 4180 with a header row. Much of it comes from hosts: a cell that a spreadsheet would run gets an apostrophe before it (OWASP, CSV injection). */
export const hostsCsv = (hosts: readonly HostView[]): string => [HEAD, ...hosts.map(toRow)].map((row) => `${row.map(toCell).join(',')}\r\n`).join('');

const toRow = (host: HostView): string[] => [
  host.name,
  host.state,
  host.zone ?? '',
  printLabels(host.labels),
  host.addresses.join(' '),
  host.draftMode,
  host.draftBundle ?? '',
  host.appliedVersion === null ? '' : String(host.appliedVersion),
  host.appliedMode ?? '',
  host.appliedBundle ?? '',
  timeOrNothing(host.verifiedAtMs),
  host.agentVersion ?? '',
  timeOrNothing(host.lastContactAtMs),
  host.lastError?.title ?? '',
  host.note,
  ...POSTURE_FACTS.map((fact) => (host.managed ? host.posture[fact] : '')),
];

function toCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
