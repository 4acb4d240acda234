/** How often one witness told a conversation, by period: the period in which it last did, and the ones before it. A period is an hour, or a day after `rollUp`. */
export type Tally = { witness: string; period: number; count: number; before: Map<number, number> | null };

/** Interfaces, directions and kinds of events that tell the same conversation; more are made up. */
const MAX_WITNESSES = 64;

/** `more`: by how much a count that is there already grows; a new one is 1. Gives whether it made a period, or why there is no room for one. */
export function addToTallies(tallies: Tally[], witness: string, period: number, more: number, mayMake: boolean): 'known' | 'made' | 'full' | 'crowded' {
  let tally: Tally | undefined;
  for (const one of tallies) if (one.witness === witness) tally = one;
  if (tally?.period === period) {
    tally.count += more;
    return 'known';
  }
  const before = tally?.before?.get(period);
  if (before !== undefined) {
    tally?.before?.set(period, before + more);
    return 'known';
  }
  if (!mayMake) return 'full';
  if (tally === undefined) {
    if (tallies.length >= MAX_WITNESSES) return 'crowded';
    tallies.push({ witness: Buffer.from(witness, 'latin1').toString('latin1'), period, count: 1, before: null });
    return 'made';
  }
  tally.before ??= new Map();
  tally.before.set(tally.period, tally.count);
  tally.period = period;
  tally.count = 1;
  return 'made';
}

/** Makes one period of each `factor`; gives how many periods are left. */
export function rollUpTally(tally: Tally, factor: number): number {
  const summed = new Map<number, number>();
  for (const [period, count] of tally.before ?? []) addTo(summed, Math.floor(period / factor), count);
  tally.period = Math.floor(tally.period / factor);
  tally.count += summed.get(tally.period) ?? 0;
  summed.delete(tally.period);
  tally.before = summed.size === 0 ? null : summed;
  return summed.size + 1;
}

const addTo = (sums: Map<number, number>, period: number, count: number) => sums.set(period, (sums.get(period) ?? 0) + count);

/** Of each period what the witness that tells most told, ascending. */
export function mostByPeriod(tallies: readonly Tally[]): [period: number, count: number][] {
  const most = new Map<number, number>();
  for (const { period, count, before } of tallies) {
    most.set(period, Math.max(most.get(period) ?? 0, count));
    for (const [earlier, counted] of before ?? []) most.set(earlier, Math.max(most.get(earlier) ?? 0, counted));
  }
  return [...most].toSorted(([a], [b]) => a - b);
}
