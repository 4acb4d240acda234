import { atLine } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld } from '../fault-world.ts';
import { assertInvariants } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';

const WINDOW_SECONDS = 5;
/** Enough for a push; filling the rest must not take longer than the window. */
const ALMOST_FULL_BYTES = 1 << 20;
const applyWords = (id: string) => `apply --id ${id} --by tester --confirm-within ${WINDOW_SECONDS}`;

/** Where an undisturbed run writes, found once for each world; unlike a number of points, it grows with the agent. */
const writesOf = new WeakMap<FaultWorld, { apply: number[]; confirm: number[] }>();
async function findWrites(world: FaultWorld): Promise<{ apply: number[]; confirm: number[] }> {
  const known = writesOf.get(world);
  if (known) return known;
  const id = world.nextPushId();
  const { writes: apply } = await atLine(world, 'count', 0, `apply --id ${id} --by tester --confirm-within 60`, world.rules.fresh.text);
  const { writes: confirm } = await atLine(world, 'count', 0, `confirm ${id}`);
  if (apply.length < 4 || confirm.length < 4) throw new Error(`too few writes were found: ${apply.length} in apply, ${confirm.length} in confirm`);
  await backToOld(world);
  writesOf.set(world, { apply, confirm });
  return { apply, confirm };
}

async function backToOld(world: FaultWorld): Promise<void> {
  const id = await applyRules(world, 'old', 60);
  await agentOverSsh(world.host, `confirm ${id}`);
}

/** The disk stays full until the invariants have been asserted once, and they must hold again with space. */
async function assertFullThenFree(world: FaultWorld, sinceMs: number, running: readonly ('old' | 'fresh')[]): Promise<void> {
  const settled = await assertInvariants(world, { running, sinceMs, windowSeconds: WINDOW_SECONDS });
  await world.host.freeDisk();
  await assertInvariants(world, { running: [settled] });
}

const SLICES = 4;
/** Every write of `apply` in turn, a quarter of them a case. */
const eachWriteOfApply = (slice: number): FaultCase => ({
  name: `disk full from each write of apply on, part ${slice + 1} of ${SLICES}`,
  ...(slice === 3 ? { quick: true as const } : {}),
  run: async (world) => {
    const { apply } = await findWrites(world);
    for (const line of apply.filter((_, n) => n % SLICES === slice)) {
      await world.host.fillDisk(ALMOST_FULL_BYTES);
      const sinceMs = performance.now();
      const trace = await atLine(world, 'fill', line, applyWords(world.nextPushId()), world.rules.fresh.text);
      // On a busy machine the traced run may be slower than its window: then it stops by itself and puts back, which is right too; or the rollback, whose time has come, ends it where it stands (lib/lock.sh).
      const isEnded = trace.code === -9 && performance.now() - sinceMs >= WINDOW_SECONDS * 1000;
      const isLate = isEnded || (trace.code === 1 && trace.stdout.includes('"WINDOW_OVER"'));
      if (trace.code !== 0 && trace.code !== 7 && !isLate) throw new Error(`apply on a disk that is full from line ${line} on ended with ${trace.code}: ${trace.stdout}`);
      await assertFullThenFree(world, sinceMs, ['old']);
    }
  },
});

const eachWriteOfConfirm = (slice: number): FaultCase => ({
  name: `disk full from each write of confirm on, part ${slice + 1} of ${SLICES}`,
  run: async (world) => {
    const { confirm } = await findWrites(world);
    for (const line of confirm.filter((_, n) => n % SLICES === slice)) {
      await world.host.fillDisk(ALMOST_FULL_BYTES);
      const sinceMs = performance.now();
      const id = await applyRules(world, 'fresh', WINDOW_SECONDS);
      const trace = await atLine(world, 'fill', line, `confirm ${id}`);
      await assertFullThenFree(world, sinceMs, trace.code === 0 ? ['fresh'] : ['old', 'fresh']);
      await backToOld(world);
    }
  },
});

const fullBefore = (bytesLeft: number): FaultCase => ({
  name: `apply with ${bytesLeft} bytes left`,
  ...(bytesLeft === 0 ? { quick: true as const } : {}),
  run: async (world) => {
    await world.host.fillDisk(bytesLeft);
    const sinceMs = performance.now();
    const answer = await agentOverSsh(world.host, applyWords(world.nextPushId()), world.rules.fresh.text);
    if (bytesLeft < 65_536 && answer.code !== 7) throw new Error(`apply ended with ${answer.code} and not 7: ${answer.stdout}`);
    await assertFullThenFree(world, sinceMs, ['old']);
  },
});

const rollbackOnFullDisk: FaultCase = {
  name: 'disk full in the confirm window: the timer still puts back',
  quick: true,
  run: async (world) => {
    const sinceMs = performance.now();
    await applyRules(world, 'fresh', WINDOW_SECONDS);
    await world.host.fillDisk(0);
    await assertFullThenFree(world, sinceMs, ['old']);
  },
};

const slices = Array.from({ length: SLICES }, (_, slice) => slice);
export const fullDiskCases: readonly FaultCase[] = [
  ...[0, 4096, 16_384, 65_536, 81_920, 131_072].map(fullBefore),
  rollbackOnFullDisk,
  ...slices.map(eachWriteOfApply),
  ...slices.map(eachWriteOfConfirm),
];
