import PQueue from 'p-queue';
import type { HostId } from '../../shared/model/ids.ts';
import { checkHost } from './push-check.ts';
import { loadHost } from './push-load.ts';
import { type HostLoad, type PushWorld, CannotGoOn, stoppingAtStoreFailures } from './push-world.ts';

export const UNCHANGED_DETAIL = 'unchanged: it ran exactly this when it was last asked';

export type PushRun = {
  /** Hosts on which something changes; may be empty. */
  loads: readonly HostLoad[];
  /** Hosts within the scope whose bundle stays the same; nothing is sent to them. */
  unchanged: readonly HostId[];
  parallel: number;
};

/**
 * Runs one push over all its hosts: all are checked before any is loaded, and one refusal stops the push there. After the first
 * failure while loading no further host is begun; hosts that are under way go on, and confirm if they prove (see ARCHITECTURE.md, Push).
 * Gives whether hosts were left out because the push stopped. Rejects only when the workspace cannot be written.
 */
export async function runPush(unguarded: PushWorld, run: PushRun): Promise<{ stopped: boolean }> {
  const world = stoppingAtStoreFailures(unguarded);
  for (const host of run.unchanged) world.move(host, 'skipped', UNCHANGED_DETAIL);
  const checked = await overAll(run.loads, run.parallel, (load) => checkHost(world, load));
  const ready = checked.filter((load) => load !== null);
  if (ready.length < run.loads.length) {
    const refusing = run.loads.filter((_, index) => checked[index] === null).map((load) => load.hostName);
    for (const load of ready) world.move(load.host, 'skipped', `the push stopped before anything was loaded: ${refusing.join(', ')} refused`);
    return { stopped: true };
  }
  return loadAll(world, ready, run.parallel);
}

async function loadAll(world: PushWorld, loads: readonly HostLoad[], parallel: number): Promise<{ stopped: boolean }> {
  let firstFailed: string | null = null;
  let stopped = false;
  let cannotGoOn: unknown = null;
  const noteTheEnd = (error: unknown): never => {
    cannotGoOn = error;
    throw error;
  };
  const nameOf = new Map(loads.map((load) => [load.host, load.hostName]));
  // The others must stop when a host fails, not when it has said what it did, which may take the whole window.
  const watched: PushWorld = {
    ...world,
    move(host, step, detail) {
      if (step === 'failed') firstFailed ??= nameOf.get(host) ?? host;
      world.move(host, step, detail);
    },
  };
  await overAll(loads, parallel, async (load) => {
    if (cannotGoOn !== null) throw cannotGoOn;
    if (firstFailed === null) return loadHost(watched, load).catch(noteTheEnd);
    stopped = true;
    world.move(load.host, 'skipped', `the push stopped: ${firstFailed} failed`);
    return false;
  });
  return { stopped };
}

/** Results in the order of `items`. Every task ends before the first rejection is passed on, so that nothing goes on behind the caller's back. */
async function overAll<Item, Result>(items: readonly Item[], parallel: number, work: (item: Item) => Promise<Result>): Promise<Result[]> {
  const queue = new PQueue({ concurrency: parallel });
  const settled = await Promise.allSettled(items.map((item) => queue.add(() => work(item))));
  return settled.map((result) => {
    if (result.status === 'rejected') throw result.reason instanceof CannotGoOn ? result.reason.cause : result.reason;
    return result.value;
  });
}
