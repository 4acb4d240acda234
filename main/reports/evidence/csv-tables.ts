import { z } from 'zod';
import { printCsv, readCsv } from './csv-text.ts';
import { EvidenceDerived, EvidenceSources, MAX_TABLE_ROWS, TABLE_COLUMNS } from './evidence-tables.ts';

export type TableFile = { readonly name: string; readonly text: string };
type Cells = Readonly<Record<string, string>>;

/** `hosts.csv`-like names of all tables, in order. */
export const TABLE_FILES: readonly string[] = [...TABLE_COLUMNS.keys()].map((name) => `${name}.csv`);

/** Every table as a CSV, sources first. */
export function printTables(sources: EvidenceSources, derived: EvidenceDerived): TableFile[] {
  const cells = { ...z.encode(EvidenceSources, sources), ...z.encode(EvidenceDerived, derived) };
  return Object.entries(cells).map(([name, rows]) => ({ name: `${name}.csv`, text: printCsv(TABLE_COLUMNS.get(name) ?? [], rows) }));
}

export type TableProblem = { readonly file: string; readonly message: string };
export type ReadTables = { ok: true; sources: EvidenceSources; derivedCells: ReadonlyMap<string, readonly Cells[]>; lines: ReadonlyMap<string, readonly number[]> } | { ok: false; problems: readonly TableProblem[] };

/**
 * Sources as values, derived tables as the cells that they have, to be compared. `lines` has for each table the line of each row. Problems name file, line and column,
 * at most 20 of them. `textOf` gives a file's text; '' is a problem too, as a table without rows has a header.
 */
export function readTables(textOf: (file: string) => string): ReadTables {
  const problems: TableProblem[] = [];
  const tables = new Map<string, Cells[]>();
  const lines = new Map<string, number[]>();
  for (const [name, columns] of TABLE_COLUMNS) {
    const read = readTable(textOf(`${name}.csv`), columns);
    if (!read.ok) problems.push({ file: `${name}.csv`, message: read.problem });
    else {
      tables.set(name, read.rows);
      lines.set(name, read.lines);
    }
  }
  if (problems.length > 0) return { ok: false, problems };
  const sources = EvidenceSources.safeParse(Object.fromEntries(Object.keys(EvidenceSources.shape).map((name) => [name, tables.get(name)])));
  if (sources.success) return { ok: true, sources: sources.data, derivedCells: tables, lines };
  return { ok: false, problems: sources.error.issues.slice(0, 20).map(({ path, message }) => describeIssue(path, message, lines)) };
}

function describeIssue(path: readonly PropertyKey[], message: string, lines: ReadonlyMap<string, readonly number[]>): TableProblem {
  const [table, row, column] = path.map(String);
  return { file: `${table ?? '?'}.csv`, message: `line ${lines.get(table ?? '')?.[Number(row)] ?? '?'}, column ${column ?? '?'}: ${message}` };
}

function readTable(text: string, columns: readonly string[]): { ok: true; rows: Cells[]; lines: number[] } | { ok: false; problem: string } {
  const read = readCsv(text, MAX_TABLE_ROWS + 1);
  if (!read.ok) return { ok: false, problem: `line ${read.line}: ${read.problem}` };
  const [header, ...records] = read.records;
  if (header?.cells.join(',') !== columns.join(',')) return { ok: false, problem: `its columns are not ${columns.join(', ')}` };
  const short = records.find(({ cells }) => cells.length !== columns.length);
  if (short !== undefined) return { ok: false, problem: `line ${short.line} has ${short.cells.length} cells and not ${columns.length}` };
  const rows = records.map(({ cells }) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? ''])));
  return { ok: true, rows, lines: records.map(({ line }) => line) };
}
