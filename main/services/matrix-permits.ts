import type { Party } from '../../shared/policy/reach/parties.ts';
import type { ReachIndex } from '../../shared/policy/reach/reach-index.ts';
import { addTallies, type Permit, readPermit, tallyPassages, type Tallies } from '../../shared/policy/reach/zone-permits.ts';

/** What passes from one row to a column of the matrix; `any` is all rows, or columns, together. */
export type PermitBook = { readonly of: (from: string, to: string) => Permit };

const NOBODY: Permit = { kind: 'nobody', wouldBlock: false, services: [] };

/** Judged when made, for all rows and columns; `keyOf` says in which a party stands. */
export function createPermitBook(index: ReachIndex, keyOf: (party: Party) => string): PermitBook {
  const groups = [...Map.groupBy(index.parties, keyOf)].map(([key, members]) => ({ key, members }));
  const cells = new Map<string, Permit>();
  const rows = groups.map((from) => groups.map((to) => tallyPassages(index, from, to)));
  const put = (from: string, to: string, tallies: readonly Tallies[]) => cells.set(`${from} ${to}`, readPermit(addTallies(tallies)));
  for (const [i, from] of groups.entries()) {
    for (const [j, to] of groups.entries()) put(from.key, to.key, [rows[i]?.[j] ?? new Map()]);
    put(from.key, 'any', rows[i] ?? []);
    put('any', from.key, rows.flatMap((row) => row[i] ?? []));
  }
  put('any', 'any', rows.flat());
  return { of: (from, to) => cells.get(`${from} ${to}`) ?? NOBODY };
}
