import type { OfflineAudit } from '../../../shared/offline-audit/offline-audit.ts';
import { printCsv } from '../evidence/csv-text.ts';
import { toCellText } from '../evidence/evidence-cell.ts';

type Row = Readonly<Record<string, string | number>>;

const table = (name: string, columns: readonly string[], rows: readonly Row[]) => ({
  name,
  text: printCsv(columns, rows.map((row) => Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toCellText(String(value))])))),
});

/** The whole audit as CSV (RFC 4180); cells that a spreadsheet would run are neutralised. Column names stay. */
export function makeOfflineTables({ hosts, findings }: OfflineAudit): { name: string; text: string }[] {
  const signatureOf = new Map(hosts.flatMap(({ name, origin }) => (origin === null ? [] : [[name, origin.isSigned ? 'signed' : 'UNSIGNED'] as const])));
  return [
    table('hosts.csv', ['host', 'addresses', 'labels', 'files', 'rules', 'rules_understood', 'admitted', 'open_to_all', 'blind_spots', 'flows', 'connections', 'signature', 'bundle'], hosts.map((host) => ({
      host: host.name,
      addresses: host.addresses.join(' '),
      labels: Object.entries(host.labels).map(([key, value]) => `${key}=${value}`).join(' '),
      files: host.files.length,
      rules: host.files.reduce((sum, { rules }) => sum + rules, 0),
      rules_understood: host.files.reduce((sum, { exactRules }) => sum + exactRules, 0),
      admitted: host.admits?.length ?? '',
      open_to_all: host.admits?.filter(({ isWorld, isSure }) => isWorld && isSure).length ?? '',
      blind_spots: host.blindSpots.length + host.moreBlindSpots,
      flows: host.flows,
      connections: host.connections,
      signature: host.origin === null ? '' : host.origin.isSigned ? 'signed' : 'UNSIGNED',
      bundle: host.origin?.bundle ?? '',
    }))),
    table('admitted.csv', ['host', 'protocol', 'ports', 'from', 'more_from', 'open_to_all', 'certain', 'depends_on', 'rules'], hosts.flatMap((host) => (host.admits ?? []).map((row) => ({
      host: host.name,
      protocol: row.protocol,
      ports: row.ports,
      from: row.from.join(' '),
      more_from: row.moreFrom,
      open_to_all: row.isWorld && row.isSure ? 'yes' : 'no',
      certain: row.isSure ? 'yes' : 'no',
      depends_on: row.why.join('; '),
      rules: row.rules.map(({ path, line }) => `${path}:${line}`).join('; '),
    })))),
    table('listening.csv', ['host', 'service', 'address', 'process', 'open_to', 'connections'], hosts.flatMap((host) => (host.listening ?? []).map(({ reach, process, ...row }) => ({ host: host.name, ...row, process: process ?? '', open_to: reach })))),
    table('findings.csv', ['code', 'host', 'subject', 'sentence', 'file', 'line', 'connections', 'signature'], findings.map(({ rule, ...finding }) => ({ ...finding, signature: signatureOf.get(finding.host) ?? '', file: rule?.path ?? '', line: rule?.line ?? '' }))),
    table('blind_spots.csv', ['host', 'file', 'line', 'text', 'reason'], hosts.flatMap((host) => host.blindSpots.map(({ path, ...spot }) => ({ host: host.name, file: path, ...spot })))),
  ];
}
