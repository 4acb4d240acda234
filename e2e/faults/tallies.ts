import type { CaseGroup } from './all-cases.ts';
import type { FaultCase } from './fault-case.ts';

/** Runs of one case; `seconds` is their sum. */
export type Tally = { passed: number; failed: number; seconds: number };
export type Tallies = ReadonlyMap<FaultCase, Tally>;

const COLUMNS = [14, 20, 8, 8, 8, 11] as const;
const row = (cells: readonly (string | number)[]) => cells.map((cell, n) => (n < 2 ? String(cell).padEnd(COLUMNS[n] ?? 0) : String(cell).padStart(COLUMNS[n] ?? 0))).join('');

/** Each case with what it took on average, then a line for each group. True when every case passed every time. */
export function printTallies(groups: readonly CaseGroup[], tallies: Tallies, times: number, seconds: number): boolean {
  const lines: string[] = [];
  const sum = { cases: 0, passed: 0, failed: 0 };
  for (const { name, covers, cases } of groups) {
    const of = cases.flatMap((one) => tallies.get(one) ?? []);
    const passed = of.reduce((all, tally) => all + tally.passed, 0);
    const failed = of.reduce((all, tally) => all + tally.failed, 0);
    const each = of.reduce((all, tally) => all + tally.seconds, 0) / Math.max(1, passed + failed);
    lines.push(row([name, covers, cases.length, passed + failed, failed, each.toFixed(1)]));
    sum.cases += cases.length;
    sum.passed += passed;
    sum.failed += failed;
  }
  for (const [one, tally] of tallies) {
    console.log(`${tally.failed === 0 ? '✓' : '✗'} ${String(tally.passed).padStart(3)}/${tally.passed + tally.failed}  ${(tally.seconds / Math.max(1, tally.passed + tally.failed)).toFixed(1).padStart(5)} s  ${one.name}`);
  }
  console.log(`\n${row(['group', 'covers', 'cases', 'runs', 'failed', 's each'])}`);
  for (const line of lines) console.log(line);
  console.log(row(['all', '', sum.cases, sum.passed + sum.failed, sum.failed, '']));
  console.log(`\n${sum.cases} cases × ${times}: ${sum.passed} passed, ${sum.failed} failed, in ${seconds.toFixed(0)} s`);
  // Each case, and not the sum: kept runs may be more of one and fewer of another.
  return [...tallies.values()].every((tally) => tally.failed === 0 && tally.passed >= times);
}
