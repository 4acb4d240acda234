import { atLine, lineAt, stopAtLine } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, confirmPush, type FaultWorld, readStatus, type RulesName } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';

const WINDOW_SECONDS = 60;

/** Power away with everything that had not reached the disk, and on again. */
async function loseAndRegainPower(world: FaultWorld): Promise<void> {
  await world.host.powerCut({ loseUnsynced: true });
  await world.host.powerOn();
}

async function assertAfterBoot(world: FaultWorld, running: readonly RulesName[]): Promise<void> {
  const name = await assertInvariants(world, { running });
  const { last } = await readStatus(world.host);
  if (name === 'fresh' && last?.event !== 'confirmed') throw new Error(`the new rules run after the boot, but the last event is ${last?.event}`);
}

/** Shares of a traced `apply` from arming the timer to its answer, with the load in between. */
const applyShares = [0.45, 0.55, 0.65, 0.75, 0.85, 0.95];

const duringApply = (share: number): FaultCase => ({
  name: `power lost at ${share * 100} % of apply`,
  ...(share === 0.75 ? { quick: true as const } : {}),
  run: async (world) => {
    const words = () => `apply --id ${world.nextPushId()} --by tester --confirm-within ${WINDOW_SECONDS}`;
    const trace = await atLine(world, 'count', 0, words(), world.rules.third.text);
    await loseAndRegainPower(world);
    await stopAtLine(world, lineAt(trace, share), words(), world.rules.fresh.text);
    await loseAndRegainPower(world);
    await assertAfterBoot(world, ['old']);
  },
});

const duringConfirm = (share: number): FaultCase => ({
  name: `power lost at ${share * 100} % of confirm`,
  run: async (world) => {
    const first = await applyRules(world, 'old', WINDOW_SECONDS);
    const trace = await atLine(world, 'count', 0, `confirm ${first}`);
    const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
    await stopAtLine(world, lineAt(trace, share), `confirm ${id}`);
    await loseAndRegainPower(world);
    await assertAfterBoot(world, ['old', 'fresh']);
  },
});

const inWindow: FaultCase = {
  name: 'power lost in the confirm window',
  quick: true,
  run: async (world) => {
    await applyRules(world, 'fresh', WINDOW_SECONDS);
    await loseAndRegainPower(world);
    await assertAfterBoot(world, ['old']);
    const { last } = await readStatus(world.host);
    if (last?.event !== 'rolled-back-boot') throw new Error(`the last event is ${last?.event} and not rolled-back-boot`);
  },
};

const afterConfirm: FaultCase = {
  name: 'power lost right after confirm',
  quick: true,
  run: async (world) => {
    await confirmPush(world, await applyRules(world, 'fresh', WINDOW_SECONDS));
    await loseAndRegainPower(world);
    await assertAfterBoot(world, ['fresh']);
  },
};

const rebootInWindow: FaultCase = {
  name: 'reboot in the confirm window',
  quick: true,
  run: async (world) => {
    await applyRules(world, 'fresh', WINDOW_SECONDS);
    await world.host.reboot();
    await assertAfterBoot(world, ['old']);
    const { last } = await readStatus(world.host);
    if (last?.event !== 'rolled-back-boot') throw new Error(`the last event is ${last?.event} and not rolled-back-boot`);
  },
};

const rebootAfterConfirm: FaultCase = {
  name: 'reboot after confirm',
  run: async (world) => {
    await confirmPush(world, await applyRules(world, 'fresh', WINDOW_SECONDS));
    await world.host.reboot();
    await assertAfterBoot(world, ['fresh']);
  },
};

export const powerCases: readonly FaultCase[] = [
  ...applyShares.map(duringApply),
  ...[0.3, 0.6, 0.8, 0.95].map(duringConfirm),
  inWindow,
  afterConfirm,
  rebootInWindow,
  rebootAfterConfirm,
];
