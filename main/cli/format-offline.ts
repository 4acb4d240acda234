import { OFFLINE_CODES, OFFLINE_TITLES, type OfflineAudit } from '../../shared/offline-audit/offline-audit.ts';
import { groupBlindSpots, groupFindings, sumAudit } from '../../shared/offline-audit/summarize.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { formatTable } from './table.ts';

const MAX_ROWS = 15;
const MAX_UNREAD = 10;

/** An audit without an agent, for a terminal: limits first, then figures and findings; long lists are cut, and say by how much. */
export function formatOffline(audit: OfflineAudit): string {
  const figures = sumAudit(audit);
  const groups = groupFindings(audit.findings);
  const unsigned = new Set(audit.hosts.filter(({ origin }) => origin?.isSigned === false).map(({ name }) => name));
  const nameOf = (host: string | undefined): string => (host === undefined ? '' : unsigned.has(host) ? `${host} UNSIGNED` : host);
  const parts = [
    `What this audit does not know:\n${audit.limits.map((limit) => `  - ${limit}`).join('\n')}`,
    `${countText(figures.hosts, 'host')}${figures.unsignedHosts === 0 ? '' : ` (${figures.unsignedHosts} of them UNSIGNED)`}, ${figures.hostsWithRules} with rules: ${countText(figures.rules, 'rule')} in ${countText(figures.files, 'file')}, ${figures.exactRules} understood in every part, ${countText(figures.blindSpots, 'blind spot')}.\n${figures.admitted === 1 ? '1 service is' : `${figures.admitted} services are`} let in, ${figures.openToAll} of them from everyone. ${figures.flowsToHosts} of ${figures.flows} flows end at these hosts.`,
    ...audit.logs.map((log) => `${log.path}: ${log.taken} of ${countText(log.rows, 'row')} taken (${log.format})${log.leftOut.map(({ rows, reason }) => `; ${rows} left out: ${reason}`).join('')}.`),
    ...(audit.unread.length === 0 ? [] : [`Not read:\n${audit.unread.slice(0, MAX_UNREAD).map(({ path, reason }) => `  ${path}: ${reason}`).join('\n')}${more(audit.unread.length, MAX_UNREAD)}`]),
  ];
  for (const code of OFFLINE_CODES) {
    const own = groups.filter((group) => group.code === code);
    if (own.length === 0) continue;
    const rows = own.slice(0, MAX_ROWS).map(({ subject, hosts, connections, sentence }) => [subject, hosts.length <= 1 ? nameOf(hosts[0]) : `${hosts.length} hosts`, String(connections), sentence]);
    parts.push(`${OFFLINE_TITLES[code]} (${own.length})\n${formatTable(['WHAT', 'HOST', 'CONNECTIONS', 'WHAT IT MEANS'], rows)}${more(own.length, MAX_ROWS)}`);
  }
  const blind = blindRows(audit);
  if (blind.length > 0) parts.push(`Blind spots (${blind.length})\n${formatTable(['HOSTS', 'FIRST AT', 'WHY', 'TEXT'], blind.slice(0, MAX_ROWS))}${more(blind.length, MAX_ROWS)}`);
  return parts.join('\n\n');
}

const more = (count: number, shown: number): string => (count > shown ? `\n… and ${count - shown} more; --csv FOLDER or --json has all` : '');

const blindRows = ({ hosts }: OfflineAudit): string[][] => groupBlindSpots(hosts).map(({ first, reason, text, hosts: on }) => [String(on.length), first, reason, text]);
