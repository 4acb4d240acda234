import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../debian/install-packages.ts';
import { listObstacles, listWantedPrograms } from '../rings/obstacles.ts';
import { prepareLab } from '../rings/prepare-lab.ts';
import { isGreen, printFailedTests, printRepeatedTests, printResults, type RingResult } from '../rings/ring-result.ts';
import { type Ring, rings } from '../rings/rings.ts';
import { runRing } from '../rings/run-ring.ts';

/**
 * `npm test`: everything that a change must pass. `npm test -- --ring NAME` (repeatable) runs a part.
 * Exit 0: nothing failed, and every ring that could run did. 1: something failed. 2: usage. 130: stopped.
 */
function chosenRings(names: readonly string[]): Ring[] {
  const unknown = names.filter((name) => !rings.some((ring) => ring.name === name));
  if (unknown.length === 0) return rings.filter((ring) => names.length === 0 || names.includes(ring.name));
  console.error(`There is no ring “${unknown.join('”, “')}”. Known: ${rings.map((ring) => ring.name).join(', ')}.`);
  process.exit(2);
}

const root = new URL('../..', import.meta.url).pathname;
const { values } = parseArgs({ options: { ring: { type: 'string', multiple: true } } });
const chosen = chosenRings(values.ring ?? []);
installMissingPrograms(listWantedPrograms(chosen), (line) => console.log(`set-up: ${line}`));

const endPreparing = chosen.length > 1 && chosen.some((ring) => ring.name === 'lab' && listObstacles(ring).length === 0) ? prepareLab(root) : () => undefined;

// The ring that runs is told by `runStreamed`; none begins after it.
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (isStopped = true));
const results: RingResult[] = [];
for (const ring of chosen) {
  if (isStopped) break;
  console.log(`\n── ring ${ring.name} ${'─'.repeat(60 - ring.name.length)}`);
  const result = await runRing(ring, root);
  if (result.skippedBecause !== null) console.log(`SKIPPED: ${result.skippedBecause}`);
  results.push(result);
}
endPreparing();
const repeatedTests = printRepeatedTests(results);
if (repeatedTests !== '') console.log(`\nWhat passed only at the second go , and why not at the first:\n${repeatedTests}`);
const failedTests = printFailedTests(results);
if (failedTests !== '') console.log(`\nWhat failed:\n${failedTests}`);
console.log(`\n${printResults(results)}`);
if (isStopped) console.log('Stopped: what is not in the table was not run.');
process.exitCode = isStopped ? 130 : results.every(isGreen) ? 0 : 1;
