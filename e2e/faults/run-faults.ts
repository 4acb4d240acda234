import { parseArgs } from 'node:util';
import { allCases } from './all-cases.ts';
import type { FaultCase } from './fault-case.ts';
import { Worlds } from './worlds.ts';

/**
 * `npm run test:faults`: every case, ten times each. `--times N` (or FIREBREAK_FAULT_TIMES), `--hosts N` (cases side by side), `--only TEXT` (cases
 * whose name contains it), `--quick` (those of `npm test`). Exit 1 when one run failed.
 */
const { values } = parseArgs({ options: { times: { type: 'string' }, hosts: { type: 'string' }, only: { type: 'string' }, quick: { type: 'boolean' } } });
const times = Number(values.times ?? process.env['FIREBREAK_FAULT_TIMES'] ?? 10);
const hostCount = Number(values.hosts ?? 6);
const chosen = allCases.filter((one) => one.name.includes(values.only ?? '') && (values.quick !== true || one.quick === true));
if (!(times >= 1) || !(hostCount >= 1) || chosen.length === 0) {
  console.error('usage: run-faults.ts [--times N] [--hosts N] [--only TEXT] [--quick]');
  process.exit(2);
}

type Tally = { passed: number; seconds: number; failures: string[] };
const tallies = new Map<FaultCase, Tally>(chosen.map((one) => [one, { passed: 0, seconds: 0, failures: [] }]));
const startedMs = performance.now();
console.log(`${chosen.length} cases, ${times} times each, ${hostCount} hosts side by side`);
const worlds = await Worlds.open(hostCount);
try {
  const runs = Array.from({ length: times }, () => chosen).flat();
  const worker = async () => {
    for (let one = runs.shift(); one !== undefined; one = runs.shift()) await runOnce(one);
  };
  await Promise.all(Array.from({ length: hostCount }, worker));
} finally {
  await worlds.close();
}
process.exitCode = printTallies() ? 0 : 1;

async function runOnce(one: FaultCase): Promise<void> {
  const tally = tallies.get(one);
  if (!tally) return;
  const sinceMs = performance.now();
  try {
    await worlds.run(one);
    tally.passed += 1;
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tally.failures.push(reason);
    console.log(`FAILED after ${((performance.now() - sinceMs) / 1000).toFixed(1)} s: ${one.name}\n  ${reason.replaceAll('\n', '\n  ')}`);
  }
  tally.seconds += (performance.now() - sinceMs) / 1000;
}

function printTallies(): boolean {
  const all = [...tallies.values()];
  for (const [one, tally] of tallies) {
    console.log(
      `${tally.failures.length === 0 ? '✓' : '✗'} ${String(tally.passed).padStart(3)}/${tally.passed + tally.failures.length}  ${(tally.seconds / times).toFixed(1).padStart(5)} s  ${one.name}`,
    );
  }
  const failed = all.reduce((sum, tally) => sum + tally.failures.length, 0);
  const passed = all.reduce((sum, tally) => sum + tally.passed, 0);
  console.log(`${chosen.length} cases × ${times}: ${passed} passed, ${failed} failed, in ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
  return failed === 0 && passed === chosen.length * times;
}
