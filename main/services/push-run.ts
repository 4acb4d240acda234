import PQueue from 'p-queue';
import type { HostId } from '../../shared/model/ids.ts';
import { checkHost } from './push-check.ts';
import { loadHost } from './push-load.ts';
import { type HostLoad, type PushWorld, CannotGoOn, stoppingAtStoreFailures } from './push-world.ts';

export const UNCHANGED_DETAIL = 'unchanged: it ran exactly this when it was last asked';

/** Asked for by a person; `by` is who, once it was. Hosts that are under way go on to their end. */
export type PushStop = { by: string | null; readonly signal: AbortSignal };

export type PushRun = {
  /** Hosts on which something changes, in the portions in which they go; may be empty. */
  waves: readonly (readonly HostLoad[])[];
  /** Between two waves, so that somebody can look at what the former one did. */
  pauseSeconds: number;
  /** Hosts within the scope whose bundle stays the same; nothing is sent to them. */
  unchanged: readonly HostId[];
  parallel: number;
  stop: PushStop;
  /** Hosts to which no connection comes about: one refuses the push; is left out of it, unless no host answers; or goes on waiting, as in a delivery. */
  away?: 'refuse' | 'leave' | 'wait';
  /** The portions anew when some hosts are left out: a canary that is away is none. */
  planAnew?: (loads: readonly HostLoad[]) => HostLoad[][];
  /** Why nothing may be sent to the host any more (its maintenance window is over), or null; asked before each is loaded. */
  whyShut?: (host: HostId) => string | null;
};

/**
 * Runs one push over all its hosts: all are checked before any is loaded, and one refusal stops the push there. Then wave after wave, each once every host of the one before has confirmed. After the first
 * failure while loading, when somebody stops it, or when a maintenance window ends, no further host is begun; hosts that are under way go on, and confirm if they prove (see ARCHITECTURE.md, Push).
 * Gives whether hosts were left out because the push stopped. Rejects only when the workspace cannot be written.
 */
export async function runPush(unguarded: PushWorld, run: PushRun): Promise<{ stopped: boolean }> {
  const world = stoppingAtStoreFailures(unguarded);
  const { away: ifAway = 'refuse' } = run;
  for (const host of run.unchanged) world.move(host, 'skipped', UNCHANGED_DETAIL);
  const loads = run.waves.flat();
  const checked = await overAll(loads, run.parallel, async (load) => (run.stop.by === null ? ((await checkHost(world, load, ifAway !== 'refuse')) ?? 'refused') : 'not asked'));
  const refusing = loads.filter((_, index) => checked[index] === 'refused').map(({ hostName }) => hostName);
  if (refusing.length > 0 || run.stop.by !== null) {
    const why = refusing.length > 0 ? `the push stopped before anything was loaded: ${refusing.join(', ')} refused` : stoppedBy(run.stop);
    for (const { host, hostName } of loads) if (!refusing.includes(hostName)) world.move(host, 'skipped', why);
    return { stopped: true };
  }
  // As the check made them for this host: numbered and signed.
  const ready = new Map<HostLoad, HostLoad>();
  const away = loads.flatMap((load, index) => {
    const found = checked[index];
    if (typeof found !== 'object') return [];
    if ('away' in found) return [{ host: load.host, why: found.away }];
    ready.set(load, found);
    return [];
  });
  for (const { host, why } of away) {
    if (ready.size === 0 && ifAway === 'leave') world.move(host, 'failed', `${why} No host of this push answered, so that nobody has shown that it can be taken. Nothing was changed there.`);
    else world.move(host, 'away', why);
  }
  if (ready.size === 0) return { stopped: away.length > 0 };
  return loadWaves(world, { ...run, waves: away.length === 0 ? run.waves.map((wave) => wave.flatMap((load) => ready.get(load) ?? [])) : wavesWithout(world, run, [...ready.values()]) });
}

/** The waves of those that answered, stored as such. */
function wavesWithout(world: PushWorld, { planAnew }: PushRun, ready: readonly HostLoad[]): HostLoad[][] {
  const waves = planAnew === undefined ? [[...ready]] : planAnew(ready);
  world.keepWaves(waves.map((wave) => wave.map(({ host }) => host)));
  return waves;
}

const stoppedBy = ({ by }: PushStop): string => `${by ?? 'somebody'} stopped the push before this host was loaded`;

async function loadWaves(world: PushWorld, { waves, pauseSeconds, parallel, stop, whyShut = () => null }: PushRun): Promise<{ stopped: boolean }> {
  let firstFailed: string | null = null;
  let halt: string | null = null;
  let stopped = false;
  let cannotGoOn: unknown = null;
  const noteTheEnd = (error: unknown): never => {
    cannotGoOn = error;
    throw error;
  };
  const nameOf = new Map(waves.flat().map((load) => [load.host, load.hostName]));
  // The others must stop when a host fails, not when it has said what it did, which may take the whole window.
  const watched: PushWorld = {
    ...world,
    move(host, step, detail) {
      if (step === 'failed') firstFailed ??= nameOf.get(host) ?? host;
      world.move(host, step, detail);
    },
  };
  const whyNot = (): string | null => (firstFailed !== null ? `the push stopped: ${firstFailed} failed` : (halt ?? (stop.by === null ? null : stoppedBy(stop))));
  for (const [index, wave] of waves.entries()) {
    if (index > 0 && pauseSeconds > 0 && whyNot() === null) await world.pause(pauseSeconds * 1000, stop.signal);
    const confirmed = await overAll(wave, parallel, async (load) => {
      if (cannotGoOn !== null) throw cannotGoOn;
      halt ??= whyShut(load.host);
      const why = whyNot();
      if (why === null) return loadHost(watched, load).catch(noteTheEnd);
      stopped = true;
      world.move(load.host, 'skipped', why);
      return false;
    });
    const without = wave.filter((_, at) => confirmed[at] === false).map(({ hostName }) => hostName);
    if (without.length > 0) halt ??= `the push stopped: ${without.join(', ')} of wave ${index + 1} did not confirm`;
  }
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
