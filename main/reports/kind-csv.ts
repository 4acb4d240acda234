import { z } from 'zod';
import type { Framework, ReportKind } from '../../shared/contract/report-kinds.ts';
import { STANDARDS } from './clauses.ts';
import { printCsv } from './evidence/csv-text.ts';
import { toCellText } from './evidence/evidence-cell.ts';
import { type Evidence, EvidenceDerived, EvidenceSources } from './evidence/evidence-tables.ts';
import { listExceptions } from './list-exceptions.ts';
import type { Manifest } from './pack/manifest.ts';
import { readFigures } from './read-figures.ts';
import { SECTIONS } from './report-sections.ts';

type Cells = Readonly<Record<string, string>>;
export type KindTable = { readonly columns: readonly string[]; readonly rows: readonly Cells[] };
type Order = { readonly kind: ReportKind; readonly framework: Framework | null };

/** Columns of the CSV of each kind, in order; they stay, as names of the tables of a pack do. */
export const KIND_COLUMNS: Readonly<Record<ReportKind, readonly string[]>> = {
  segmentation: ['host', 'zone', 'wanted_mode', 'outbound', 'only_services', 'enforced_throughout', 'enforced_seconds', 'gaps'],
  inventory: ['host', 'managed', 'zone', 'labels', 'addresses', 'os', 'agent_version', 'state', 'applied_mode', 'applied_version', 'verified_at', 'last_contact_at', 'reporting', 'hours_recorded', 'hours_expected', 'packets_lost', 'gap_seconds', 'worst_clock_offset_ms', 'carried'],
  rules: ['rule', 'action', 'from', 'to', 'services', 'conditions', 'owner', 'reason', 'ticket', 'review_on', 'expires_on', 'first_pushed_at', 'hosts_read', 'packets', 'oldest_since'],
  changes: ['version', 'at', 'author', 'what', 'change', 'name', 'before', 'after'],
  blocked: ['reporter', 'direction', 'peer', 'peer_address', 'protocol', 'port', 'user', 'unit', 'zone', 'verdict', 'policy_version', 'connections', 'first_seen', 'last_seen'],
  integrity: ['host', 'at', 'event', 'subject', 'from', 'detail'],
  exceptions: ['sort', 'subject', 'from', 'until', 'by', 'reason'],
  kpi: ['kpi', 'title', 'value', 'unit', 'text', 'formula', 'limits'],
  frameworks: ['framework', 'clause', 'asks', 'shows', 'does_not_show'],
};

/** The CSV of a kind: one table, RFC 4180, times RFC 3339 in UTC, and no cell that a spreadsheet runs. Pure. */
export function printKindCsv(manifest: Pick<Manifest, 'figures'>, evidence: Evidence, order: Order): string {
  return printCsv(KIND_COLUMNS[order.kind], listRows(manifest, evidence, order));
}

function listRows(manifest: Pick<Manifest, 'figures'>, evidence: Evidence, { kind, framework }: Order): readonly Cells[] {
  const sources = z.encode(EvidenceSources, evidence.sources);
  const derived = z.encode(EvidenceDerived, evidence.derived);
  switch (kind) {
    case 'segmentation':
      return join(derived.enforcement, 'zone', sources.zones);
    case 'inventory':
      return join(sources.hosts, 'host', derived.coverage);
    case 'rules':
      return join(sources.rules, 'rule', derived.rule_use);
    case 'changes':
      return sources.changes;
    case 'blocked':
      return sources.refused_flows;
    case 'integrity':
      return sources.integrity;
    case 'exceptions':
      return listExceptions(evidence).map((row) => encodeTexts({ ...row, from: time(row.from), until: time(row.until) }));
    case 'kpi':
      return sources.kpis;
    case 'frameworks':
      return listClauses(manifest, framework);
  }
}

/** Each row with the one of the other table that has the same key; what is in both is the first's. */
function join(rows: readonly Cells[], key: string, others: readonly Cells[]): Cells[] {
  const byKey = new Map(others.map((other) => [other[key], other]));
  return rows.map((row) => ({ ...byKey.get(row[key]), ...row }));
}

/** Places are named by the sections of the full report, as a row stands for itself. */
function listClauses({ figures }: Pick<Manifest, 'figures'>, framework: Framework | null): Cells[] {
  const of = readFigures(figures);
  return STANDARDS.filter((standard) => framework === null || standard.framework === framework).flatMap(({ name, clauses }) =>
    clauses.map(({ number, asks, shows, not }) => encodeTexts({ framework: name, clause: number, asks, shows: shows(of, (id) => `“${SECTIONS[id].title}”`), does_not_show: not })),
  );
}

const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString());
const encodeTexts = (row: Cells): Cells => Object.fromEntries(Object.entries(row).map(([column, text]) => [column, toCellText(text)]));
