import { expect, test } from 'vitest';
import { type Framework, ReportKind } from '../../shared/contract/report-kinds.ts';
import { readCsv } from './evidence/csv-text.ts';
import { deriveEvidence } from './evidence/derive-evidence.ts';
import { EvidenceSources } from './evidence/evidence-tables.ts';
import { computeFigures } from './evidence/figures.ts';
import { KIND_COLUMNS, printKindCsv } from './kind-csv.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
const period = { fromMs: START, untilMs: START + 10 * HOUR };
const EVIL = '=HYPERLINK("http://evil.example"),\r\n@x';

/** Every table with one row whose every text is a cell that a spreadsheet would run. */
function evidence() {
  const rows = Object.entries(EvidenceSources.shape).map(([table, schema]) => [
    table,
    [Object.fromEntries(Object.entries(schema.element.shape).map(([column, kind]) => [column, ['yes', '2026-11-01T02:00:00.000Z', '1', `'=HYPERLINK("http://evil.example"),␍␊@x`].find((cell) => kind.safeParse(cell).success) ?? 'x']))],
  ]);
  const sources = EvidenceSources.parse(Object.fromEntries(rows));
  return { period, sources, derived: deriveEvidence(sources, period) };
}
const made = evidence();
const print = (kind: ReportKind, framework: Framework | null = null) => printKindCsv({ figures: computeFigures(made) }, made, { kind, framework });

test.each(ReportKind.options)('the CSV of %s is RFC 4180 under its stable columns, and holds nothing that a spreadsheet runs', (kind) => {
  const read = readCsv(print(kind), 1000);
  if (!read.ok) throw new Error(`line ${read.line}: ${read.problem}`);
  const [header, ...records] = read.records;
  expect(header?.cells).toEqual(KIND_COLUMNS[kind]);
  expect(records.length).toBeGreaterThan(0);
  for (const { cells } of records) {
    expect(cells).toHaveLength(KIND_COLUMNS[kind].length);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@]/);
  }
});

test('an exception that somebody worded as a formula is made harmless', () => {
  const waiver = { at: START, zone: 'web', mode: 'enforce', check: 'days-in-test', reason: EVIL, actor: '+eve' };
  const text = printKindCsv({ figures: computeFigures(made) }, { ...made, sources: { ...made.sources, waivers: [waiver] } }, { kind: 'exceptions', framework: null });
  expect(text).toContain(`waiver,web → enforce: days-in-test,2026-11-01T00:00:00.000Z,,'+eve,"'=HYPERLINK(""http://evil.example"")`);
});

test('exceptions are as many gaps as the report and its figure say: those of zones set to enforce', () => {
  const aZone = (zone: string, mode: string) => ({ zone, position: 1, mode, outbound: 'closed', select: '', only_services: '', rules: 0 });
  const aHost = (host: string, zone: string) => ({ host, managed: true, zone, labels: '', addresses: '', os: '', agent_version: '', state: 'no-agent', applied_mode: '', applied_version: null, verified_at: null, last_contact_at: null, carried: '' });
  const nothing = EvidenceSources.parse(Object.fromEntries(Object.keys(EvidenceSources.shape).map((table) => [table, []])));
  const sources = { ...nothing, zones: [aZone('web', 'enforce'), aZone('lab', 'observe')], hosts: [aHost('web-1', 'web'), aHost('lab-1', 'lab')] };
  const both = { period, sources, derived: deriveEvidence(sources, period) };
  const figures = computeFigures(both);
  const gaps = printKindCsv({ figures }, both, { kind: 'exceptions', framework: null }).match(/^gap,.*/gm) ?? [];
  expect(gaps).toHaveLength(figures.find(({ id }) => id === 'enforcementGaps')?.value ?? 0);
  expect(gaps.filter((gap) => !gap.startsWith('gap,web-1 in web,'))).toEqual([]);
  expect(gaps.length).toBeGreaterThan(0);
});

test('one framework has its clauses alone', () => {
  const read = readCsv(print('frameworks', 'cis'), 100);
  expect(read.ok && read.records.slice(1).map(({ cells }) => [cells[0], cells[1]])).toEqual([['CIS Controls v8', '4.4'], ['CIS Controls v8', '12.2'], ['CIS Controls v8', '13.4']]);
});
