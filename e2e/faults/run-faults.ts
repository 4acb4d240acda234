import { parseArgs } from 'node:util';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';
import { type CaseGroup, groupsOver } from './all-cases.ts';
import type { FaultCase } from './fault-case.ts';
import { printTallies, type Tallies } from './tallies.ts';
import { TallyFile } from './tally-file.ts';
import { Worlds } from './worlds.ts';

/**
 * `npm run test:faults`: every case, ten times each. `--times N` (or FIREBREAK_FAULT_TIMES), `--hosts N` (cases side by side), `--only TEXT` (cases
 * whose name contains it), `--group NAME`, `--quick` (those of `npm test`), `--tally FILE` (goes on from what earlier runs kept there: only what is missing of the N times is
 * run), `--over iptables` (hosts without nft). Exit 1 when one run failed.
 */
const { values } = parseArgs({
  options: { times: { type: 'string' }, hosts: { type: 'string' }, only: { type: 'string' }, group: { type: 'string' }, quick: { type: 'boolean' }, tally: { type: 'string' }, over: { type: 'string' } },
});
const times = Number(values.times ?? process.env['FIREBREAK_FAULT_TIMES'] ?? 10);
const hostCount = Number(values.hosts ?? 10);
const way = values.over === 'iptables' ? 'iptables' : 'nft';
const isChosen = (one: FaultCase) => one.name.includes(values.only ?? '') && (values.quick !== true || one.quick === true);
const groups: readonly CaseGroup[] = groupsOver(way)
  .filter(({ name }) => values.group === undefined || values.group.split(',').includes(name))
  .map((group) => ({ ...group, cases: group.cases.filter(isChosen) }))
  .filter(({ cases }) => cases.length > 0);
if (!(times >= 1) || !(hostCount >= 1) || groups.length === 0 || ![undefined, 'nft', 'iptables'].includes(values.over)) {
  console.error('usage: run-faults.ts [--times N] [--hosts N] [--only TEXT] [--group NAME,…] [--quick] [--tally FILE] [--over nft|iptables]');
  process.exit(2);
}

installMissingPrograms(['nft', 'ip', 'unshare', 'debootstrap', 'ssh-keygen'], (line) => console.error(`set-up: ${line}`));
const chosen = groups.flatMap(({ cases }) => cases);
const kept = values.tally === undefined ? null : new TallyFile(values.tally, way);
const tallies: Tallies = new Map(chosen.map((one) => [one, kept?.of(one.name) ?? { passed: 0, failed: 0, seconds: 0 }]));
const startedMs = performance.now();
const runs = Array.from({ length: times }, (_, round) => chosen.filter((one) => runsOf(one) <= round)).flat();
const total = runs.length;
let ended = 0;
console.log(`${chosen.length} cases, ${times} times each, ${hostCount} hosts side by side, over ${way}${kept ? `; ${chosen.length * times - total} runs are done already` : ''}`);
const worlds = await Worlds.open(hostCount, way);
try {
  const worker = async () => {
    for (let one = runs.shift(); one !== undefined; one = runs.shift()) await runOnce(one);
  };
  await Promise.all(Array.from({ length: hostCount }, worker));
} finally {
  await worlds.close();
}
const isGood = printTallies(groups, tallies, times, (performance.now() - startedMs) / 1000);
process.exitCode = isGood ? 0 : 1;

/** How often it has run, at most `times`. */
function runsOf(one: FaultCase): number {
  const { passed, failed } = tallies.get(one) ?? { passed: 0, failed: 0 };
  return Math.min(times, passed + failed);
}

async function runOnce(one: FaultCase): Promise<void> {
  const tally = tallies.get(one);
  if (!tally) return;
  const sinceMs = performance.now();
  try {
    await worlds.run(one);
    tally.passed += 1;
  } catch (error) {
    tally.failed += 1;
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    console.log(`FAILED after ${((performance.now() - sinceMs) / 1000).toFixed(1)} s: ${one.name}\n  ${reason.replaceAll('\n', '\n  ')}`);
  }
  tally.seconds += (performance.now() - sinceMs) / 1000;
  kept?.keep(one.name, tally);
  ended += 1;
  if (ended % 50 === 0) console.log(`${ended} of ${total} runs after ${((performance.now() - startedMs) / 1000).toFixed(0)} s`);
}
