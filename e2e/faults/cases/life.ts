import { openConsole, overAll } from '../../main-job/lab-console.ts';
import { atLine, lineAt, type Trace } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, LIST_FILES, reinstall, restoreOld } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { installCutCases } from './install-cut.ts';
import { overSsh } from '../over-ssh.ts';
import { readRules } from '../read-rules.ts';

async function uninstall(world: FaultWorld): Promise<void> {
  const { client, backend } = openConsole(world.workspacePath);
  try {
    await overAll(client, 'uninstall');
  } finally {
    await backend.close();
  }
}

async function assertNothingLeft(world: FaultWorld): Promise<void> {
  const { whole, foreign } = await readRules(world.host);
  if (whole !== null) throw new Error('the table is still there');
  if (foreign !== world.foreign) throw new Error(`I3: other tables changed:\n${foreign}`);
  const before = new Set(world.filesBefore.split('\n'));
  const left = (await world.host.run(LIST_FILES)).split('\n').filter((line) => !before.has(line));
  if (left.length > 0) throw new Error(`uninstalling left: ${left.join(', ')}`);
  const processes = await world.host.run('ps -eo stat,args | grep -v "^Z" | grep "[f]irebreak" || true');
  if (processes !== '') throw new Error(`uninstalling left processes: ${processes}`);
}

const leavesNothing: FaultCase = {
  name: 'uninstalling leaves nothing, and installing again works',
  quick: true,
  run: async (world) => {
    await uninstall(world);
    await assertNothingLeft(world);
    await reinstall(world);
    await restoreOld(world);
    await assertInvariants(world, { running: ['old'] });
  },
};

const inTheWindow: FaultCase = {
  name: 'uninstalling in a confirm window leaves nothing, not even the timer',
  run: async (world) => {
    await applyRules(world, 'fresh', 60);
    await uninstall(world);
    await assertNothingLeft(world);
  },
};

/** Length of an undisturbed one on this world's host, measured once. */
const traces = new WeakMap<FaultWorld, Trace>();
async function traceOfUninstall(world: FaultWorld): Promise<Trace> {
  const known = traces.get(world);
  if (known) return known;
  const trace = await atLine(world, 'count', 0, 'uninstall');
  traces.set(world, trace);
  await reinstall(world);
  await restoreOld(world);
  return trace;
}

/** Shares of a traced uninstall. */
const cutShares = [0.15, 0.4, 0.6, 0.8, 0.95];
const cutUninstall = (share: number): FaultCase => ({
  name: `uninstall killed at ${share * 100} %: SSH stays, and once more it leaves nothing`,
  run: async (world) => {
    const undisturbed = await traceOfUninstall(world);
    await atLine(world, 'kill-tree', lineAt(undisturbed, share), 'uninstall');
    const { code } = await overSsh(world.host, 'true');
    if (code !== 0) throw new Error('I2: no SSH');
    // By the console; where the cut took the program along, it is installed first, as an admin would.
    await reinstall(world).catch(() => undefined);
    await uninstall(world);
    await assertNothingLeft(world);
  },
});

export const lifeCases: readonly FaultCase[] = [leavesNothing, inTheWindow, ...cutShares.map(cutUninstall), ...installCutCases];
