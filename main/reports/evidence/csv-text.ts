import { stringify } from 'csv-stringify/sync';

/** RFC 4180 with a header; cells as they are, since each kind of cell has made them harmless. */
export function printCsv(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  return stringify([columns, ...rows.map((row) => columns.map((column) => row[column] ?? ''))], { record_delimiter: 'windows' });
}

/** No table has more columns. */
const MAX_CELLS = 64;

/** `line` of the record's beginning, from 1. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[] };
export type CsvReading = { ok: true; records: CsvRecord[] } | { ok: false; line: number; problem: string };

/**
 * Strictly what `printCsv` writes: CRLF ends each record, the last one too, and a quote stands only around a whole cell or doubled within one.
 * Anything else is a problem with its line, not a guess; so are more than `maxRecords`, and more than 64 cells in one. Linear in the text.
 */
export function readCsv(text: string, maxRecords: number): CsvReading {
  const records: CsvRecord[] = [];
  let line = 1;
  let startLine = 1;
  let cells: string[] = [];
  const token = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r\n)/y;
  while (token.lastIndex < text.length) {
    const match = token.exec(text);
    if (match === null) return { ok: false, line, problem: 'a cell or a record does not end as RFC 4180 wants it' };
    const [whole, quoted, bare, end] = match;
    line += whole.split('\n').length - 1;
    cells.push(quoted === undefined ? (bare ?? '') : quoted.replaceAll('""', '"'));
    if (cells.length > MAX_CELLS) return { ok: false, line, problem: `a record has more than ${MAX_CELLS} cells` };
    if (end !== '\r\n') continue;
    if (records.length >= maxRecords) return { ok: false, line, problem: `there are more than ${maxRecords} records` };
    records.push({ line: startLine, cells });
    cells = [];
    startLine = line;
  }
  return cells.length === 0 ? { ok: true, records } : { ok: false, line, problem: 'the last record does not end' };
}
