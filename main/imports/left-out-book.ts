import type { LeftOut } from '../../shared/model/flow-source.ts';
import { inert } from '../../shared/text/inert.ts';

const EXAMPLES = 3;
/** Formats have a dozen reasons or two; a log can bring more by naming what it is in its header, again and again. */
const MAX_REASONS = 128;
const EXAMPLE_LENGTH = 160;

export type LeftOutBook = { add(kind: LeftOut['kind'], reason: string, lineNumber: number, text: string): void; rows(): number; list(): LeftOut[] };

/** Counts what made no flow, by reason, with the first lines of each. `text` is one character a byte; examples are read as UTF-8 and made inert. */
export function createLeftOutBook(): LeftOutBook {
  const found = new Map<string, LeftOut>();
  let rows = 0;
  return {
    add: (kind, said, lineNumber, text) => {
      rows += 1;
      const reason = found.has(said) || found.size < MAX_REASONS ? said : `another reason, after ${MAX_REASONS} different ones (${kind})`;
      const known = found.get(reason) ?? { kind, reason, rows: 0, examples: [] };
      known.rows += 1;
      if (known.examples.length < EXAMPLES) known.examples.push({ line: lineNumber, text: showLine(text) });
      found.set(reason, known);
    },
    rows: () => rows,
    list: () => [...found.values()].toSorted((a, b) => (a.kind === b.kind ? b.rows - a.rows : a.kind === 'refused' ? -1 : 1)),
  };
}

function showLine(text: string): string {
  const shown = inert(Buffer.from(text.slice(0, 4 * EXAMPLE_LENGTH), 'latin1').toString('utf8'));
  return shown.length > EXAMPLE_LENGTH ? `${shown.slice(0, EXAMPLE_LENGTH)}…` : shown;
}
