import { z } from 'zod';
import { ProofAnswer } from '../../../shared/model/reach-proof.ts';
import { concludeTry } from '../../../shared/reach-proof/conclude-try.ts';
import type { EvidenceDerived, EvidenceSources, RowOf } from './evidence-tables.ts';

/** What a stranger's pack may hold instead of our words counts as nothing seen, from which nothing follows. */
const [AnswerCell, ExpectCell] = [ProofAnswer.catch('failed'), z.enum(['allow', 'deny']).catch('deny')];

/** What follows from what hosts tried, try by try and from zone to zone. */
export function deriveReach(sources: EvidenceSources): Pick<EvidenceDerived, 'reach_conclusions' | 'reach_zones'> {
  const concluded = sources.reach_tries.map((row) => ({ row, ...conclude(row) }));
  const zones = Map.groupBy(concluded, ({ row }) => JSON.stringify([row.from_zone, row.to_zone]));
  return {
    reach_conclusions: concluded.map(({ row: { proof, from, source, to, destination, port, expect }, conclusion, cause }) => ({ proof, from, source, to, destination, port, expect, conclusion, cause })),
    reach_zones: [...zones.values()]
      .flatMap((rows) => (rows[0] === undefined ? [] : [toZones(rows[0].row, rows)]))
      .toSorted((a, b) => compare(a.from_zone, b.from_zone) || compare(a.to_zone, b.to_zone)),
  };
}

const conclude = (row: RowOf<'reach_tries'>) => concludeTry({ ...row, answer: AnswerCell.parse(row.answer), expect: ExpectCell.parse(row.expect), sourceSilent: row.source_silent, destinationSilent: row.destination_silent });

function toZones({ from_zone, to_zone }: RowOf<'reach_tries'>, rows: readonly { readonly conclusion: string }[]): EvidenceDerived['reach_zones'][number] {
  const count = (conclusion: string) => rows.filter((one) => one.conclusion === conclusion).length;
  return { from_zone, to_zone, tries: rows.length, allowed: count('allowed'), blocked: count('blocked'), contradicts: count('contradicts'), not_proven: count('not-proven') };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
