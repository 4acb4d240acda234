import { printTable } from '../statistics.ts';
import type { TaskName } from './tasks.ts';
import type { Size, TaskResult } from './timing.ts';

export type Measured = { readonly task: TaskName; readonly size: Size; readonly result: TaskResult };

type Aim = { readonly what: string; readonly task: TaskName; readonly largest: boolean; readonly limit: number; readonly unit: string; readonly isLeast?: true; readonly read: (result: TaskResult) => number | undefined };

/** The aims. Times are processor time, which on a machine that does nothing else is the wall's or more. `largest`: of the largest size measured, else of the smallest. */
const AIMS: readonly Aim[] = [
  { what: '10,000 hosts × 2,000 rules compiled', task: 'compile', largest: true, limit: 3000, unit: 'ms', read: (one) => one.times.compile?.cpuMs },
  { what: 'the same, memory', task: 'compile', largest: true, limit: 1024, unit: 'MB', read: (one) => one.counts.compilePeakMb },
  { what: 'one edit to a fresh diff, 500 hosts', task: 'edit', largest: false, limit: 100, unit: 'ms', read: (one) => one.times.edit?.cpuMs },
  { what: 'one edit to a fresh plan through the service, 500 hosts', task: 'service', largest: false, limit: 100, unit: 'ms', read: (one) => one.times.plan?.cpuMs },
  { what: 'verdicts, 500 hosts', task: 'verdicts', largest: false, limit: 1_000_000, unit: 'flows/s', isLeast: true, read: (one) => one.counts.perSecond },
  { what: 'verdicts, 10,000 hosts', task: 'verdicts', largest: true, limit: 1_000_000, unit: 'flows/s', isLeast: true, read: (one) => one.counts.perSecond },
  { what: 'suggest over 1 million aggregates', task: 'suggest', largest: true, limit: 5000, unit: 'ms', read: (one) => one.times.suggest?.cpuMs },
  { what: '10,000 terms over 1,000 hosts, validated and printed', task: 'terms', largest: true, limit: 2000, unit: 'ms', read: (one) => one.times.all?.cpuMs },
  { what: 'the same, memory', task: 'terms', largest: true, limit: 250, unit: 'MB', read: (one) => one.peakMb },
  { what: 'nft -c of one host’s file, worst', task: 'terms', largest: true, limit: 50, unit: 'ms', read: (one) => one.counts.nftWorstMs },
];

/** One line an aim: what was wanted, what was measured, met or missed. */
export const printPolicyAims = (measured: readonly Measured[]): string => printTable(['aim', 'wanted', 'measured', 'verdict'], AIMS.map((aim) => judge(aim, measured)));

function judge({ what, task, largest, limit, unit, isLeast, read }: Aim, measured: readonly Measured[]): string[] {
  const runs = measured.filter((one) => one.task === task);
  const chosen = largest ? runs.at(-1) : runs[0];
  const value = chosen && read(chosen.result);
  const wanted = `${isLeast ? '>' : '<'} ${limit} ${unit}`;
  if (value === undefined) return [what, wanted, 'not measured', '-'];
  const isMet = isLeast ? value > limit : value < limit;
  return [what, wanted, `${value.toFixed(value < 100 ? 1 : 0)} ${unit}`, isMet ? 'met' : 'missed'];
}
