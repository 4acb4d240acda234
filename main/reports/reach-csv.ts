import { z } from 'zod';
import { printCsv } from './evidence/csv-text.ts';
import { deriveReach } from './evidence/derive-reach.ts';
import { EvidenceDerived, EvidenceSources, type RowOf } from './evidence/evidence-tables.ts';

/** What was tried, with what follows from it, as the evidence pack has it in two tables: RFC 4180, and no cell that a spreadsheet runs. Pure. */
export function printReachCsv(rows: readonly RowOf<'reach_tries'>[]): string {
  const cells = z.encode(EvidenceSources.shape.reach_tries, [...rows]);
  const tries = EvidenceSources.shape.reach_tries.parse(cells);
  const conclusions = z.encode(EvidenceDerived.shape.reach_conclusions, deriveReach({ ...NONE, reach_tries: tries }).reach_conclusions);
  return printCsv(COLUMNS, cells.map((cell, i) => ({ ...cell, conclusion: conclusions[i]?.conclusion ?? '', cause: conclusions[i]?.cause ?? '' })));
}

const COLUMNS = [...Object.keys(EvidenceSources.shape.reach_tries.element.shape), 'conclusion', 'cause'];
const NONE = EvidenceSources.parse(Object.fromEntries(Object.keys(EvidenceSources.shape).map((name) => [name, []])));
