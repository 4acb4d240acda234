import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../debian/install-packages.ts';
import { listObstacles, listWantedPrograms } from '../rings/obstacles.ts';
import { prepareLab } from '../rings/prepare-lab.ts';
import { isGreen, printFailedTests, printRepeatedTests, printResults, type RingResult } from '../rings/ring-result.ts';
import { planRuns, restFits, type RingRun } from '../rings/parts.ts';
import { rings } from '../rings/rings.ts';
import { leftOut, runRing } from '../rings/run-ring.ts';

/**
 * `npm test`: everything that a change must pass, and after it what the hour allows of the rest (parts.ts); `-- --whole` runs the rest in any case. `npm test -- --ring NAME` (repeatable) runs a ring, whole.
 * Exit 0: nothing failed, and every ring that could run did. 1: something failed. 2: usage. 130: stopped.
 */
function requireKnown(names: readonly string[]): void {
  const unknown = names.filter((name) => !rings.some((ring) => ring.name === name));
  if (unknown.length === 0) return;
  console.error(`There is no ring “${unknown.join('”, “')}”. Known: ${rings.map((ring) => ring.name).join(', ')}.`);
  process.exit(2);
}

const root = new URL('../..', import.meta.url).pathname;
const { values } = parseArgs({ options: { ring: { type: 'string', multiple: true }, whole: { type: 'boolean' } } });
requireKnown(values.ring ?? []);
const { first, rest } = planRuns(values.ring ?? []);
installMissingPrograms(listWantedPrograms(first.map(({ ring }) => ring)), (line) => console.log(`set-up: ${line}`));

// The ring that runs is told by `runStreamed`; none begins after it.
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));
const results: RingResult[] = [];

async function runAll(runs: readonly RingRun[]): Promise<void> {
  if (isStopped) return;
  const lab = runs.find(({ ring }) => ring.name === 'lab');
  const endPreparing = lab?.part != null && listObstacles(lab.ring).length === 0 ? prepareLab(root, lab.part) : () => undefined;
  for (const run of runs) {
    if (isStopped) break;
    console.log(`\n── ring ${run.name} ${'─'.repeat(60 - run.name.length)}`);
    const result = await runRing(run, root);
    if (result.skippedBecause !== null) console.log(`SKIPPED: ${result.skippedBecause}`);
    results.push(result);
  }
  endPreparing();
}

const beganMs = performance.now();
await runAll(first);
const tookSeconds = (performance.now() - beganMs) / 1000;
if (values.whole === true || restFits(tookSeconds)) await runAll(rest);
else if (!isStopped) results.push(...rest.map((run) => leftOut(run, root, `not within the hour, of which the rings before took ${Math.round(tookSeconds / 60)} minutes here; npm test -- --ring ${run.ring.name} runs it`)));
const repeatedTests = printRepeatedTests(results);
if (repeatedTests !== '') console.log(`\nWhat passed only at the second go, and why not at the first:\n${repeatedTests}`);
const failedTests = printFailedTests(results);
if (failedTests !== '') console.log(`\nWhat failed:\n${failedTests}`);
console.log(`\n${printResults(results)}`);
if (isStopped) console.log('Stopped: what is not in the table was not run.');
process.exitCode = isStopped ? 130 : results.every(isGreen) ? 0 : 1;
