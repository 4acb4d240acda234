/** One record of a CSV file; `line` is where it begins, counted from 1. `isCut`: it is the last, and a quote in it is never closed, so that lines which were meant as records may be in its cell. */
export type CsvRecord = { readonly line: number; readonly cells: readonly string[]; readonly isCut: boolean };

/**
 * Reads CSV as people and their programs write it (RFC 4180): commas, or semicolons or tabs where the first line has more of them; quoted cells with commas, quotes and
 * line ends in them; line ends with and without CR; a byte order mark. Cells come without blanks around them, empty lines not at all. A quote that is never closed ends with the text (`isCut`). Linear
 * in its length. Pure.
 */
export function readCsv(text: string): CsvRecord[] {
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const separator = separatorOf(source);
  const records: CsvRecord[] = [];
  let [cells, start, quoted, line, firstLine]: [string[], number, string | null, number, number] = [[], 0, null, 1, 1];
  let [isBlank, isCut] = [true, false];
  const endCell = (at: number) => {
    cells.push(`${quoted ?? ''}${source.slice(start, at)}`.trim());
    [quoted, start, isBlank] = [null, at + 1, true];
  };
  const endRecord = (at: number) => {
    endCell(at);
    if (cells.some((cell) => cell !== '')) records.push({ line: firstLine, cells, isCut });
    cells = [];
  };
  for (let at = 0; at < source.length; at += 1) {
    const char = source[at];
    if (char === '"' && quoted === null && isBlank) {
      const cell = readQuoted(source, at + 1);
      quoted = cell.text;
      line += cell.lines;
      at = cell.end;
      // What stands behind the closing quote belongs to the cell: nothing that was written is dropped.
      start = cell.end + 1;
      isCut = cell.end === source.length;
    } else if (char === separator) endCell(at);
    else if (char === '\n') {
      endRecord(at);
      line += 1;
      firstLine = line;
    } else if (char !== ' ' && char !== '\t') isBlank = false;
  }
  endRecord(source.length);
  return records;
}

/** From behind the opening quote; `end` is the closing one, or the end of the text. */
function readQuoted(source: string, from: number): { text: string; end: number; lines: number } {
  const parts: string[] = [];
  let at = from;
  for (;;) {
    const quote = source.indexOf('"', at);
    const end = quote === -1 ? source.length : quote;
    parts.push(source.slice(at, end));
    if (source[end + 1] !== '"' || quote === -1) {
      const text = parts.join('"');
      return { text, end, lines: text.split('\n').length - 1 };
    }
    at = end + 2;
  }
}

function separatorOf(source: string): ',' | ';' | '\t' {
  const end = source.indexOf('\n');
  const head = end === -1 ? source : source.slice(0, end);
  const count = (char: string) => head.split(char).length;
  const [commas, semicolons, tabs] = [count(','), count(';'), count('\t')];
  if (tabs > commas && tabs > semicolons) return '\t';
  return semicolons > commas ? ';' : ',';
}
