import { openConsole, overAll } from '../../main-job/lab-console.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, LIST_FILES, reinstall, restoreOld } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
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

export const lifeCases: readonly FaultCase[] = [leavesNothing, inTheWindow];
