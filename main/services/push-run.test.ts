import { expect, test } from 'vitest';
import type { PushStep } from '../../shared/model/diff.ts';
import { HostId } from '../../shared/model/ids.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { AgentClient } from './agent-client.ts';
import { type PushRun, type PushStop, runPush } from './push-run.ts';
import type { HostLoad, PushWorld } from './push-world.ts';

const status = (change: Partial<AgentStatus>): AgentStatus => ({
  v: 1, agentVersion: '0.1.0', hostId: null, bootId: 'b', clock: 0, loaded: true, runningBundle: 'old', runningMode: 'observe', runningSeq: 1, confirmedBundle: 'old', confirmedSeq: 1, kernelHash: 'k', expectedKernelHash: 'k',
  pending: null, last: null, timerEnabled: true, bootUnitEnabled: true, spoolBytes: 0, spoolFiles: 0, ...change,
});
const waiting = status({ runningBundle: 'new', pending: { id: 'p_1', by: 'ada', bundle: 'new', deadline: 60, secondsLeft: 60 } });
const confirmed = status({ runningBundle: 'new', confirmedBundle: 'new' });

const aLoad = (n: number): HostLoad => ({
  pushId: 'p_1', by: 'ada', confirmWithinSeconds: 60, host: HostId.parse(`h_00000000000${n}`), hostName: `host-${n}`, bundle: 'new', bundleText: '', mode: 'observe', judges: false, formerBundle: 'old', plannedOn: 'old', consoleAddresses: [],
  target: { hostName: `host-${n}`, address: '192.0.2.1', port: 22, user: 'ops', identity: { kind: 'agent' }, sudo: 'none', pinnedKeys: [], jump: null, secrets: () => ({ sshPassword: null, sudoPassword: null }) },
});

/** Hosts in memory: those named in `broken` refuse the load; the rest do as they are told. */
function aWorld(broken: readonly string[]): { world: PushWorld; ends: () => Record<string, PushStep>; loaded: string[] } {
  const last = new Map<string, PushStep>();
  const loaded: string[] = [];
  const running = new Map<string, AgentStatus>();
  const never = () => Promise.reject(new Error('not asked for here'));
  const agents: AgentClient = {
    facts: async () => ({ v: 1, hostname: '', machineId: '', bootId: '', clock: 0, os: { id: '', version: '', name: '' }, kernel: '', arch: '', nftVersion: '', shell: '', systemd: true, addresses: [], ssh: null, resolvers: [], timeServers: [], listening: [], firewalls: [], features: {}, timers: [] }),
    status: async ({ hostName }) => running.get(hostName) ?? status({}),
    check: async () => ({ ok: true, unresolved: [] }),
    apply: async ({ hostName }, { bundleText }) => {
      // No host takes what is not signed.
      expect(bundleText).toBe('sealed');
      loaded.push(hostName);
      if (broken.includes(hostName)) throw new FirebreakError('AGENT_FAILED', { host: hostName, doing: 'loading', exitCode: 1, detail: 'no' });
      running.set(hostName, waiting);
      return waiting;
    },
    confirm: async ({ hostName }) => {
      running.set(hostName, confirmed);
      return confirmed;
    },
    rollback: never,
    drain: never,
    uninstall: never,
    verify: never,
    sessions: never,
    cut: never,
    events: never,
    footprint: never,
    latency: never,
    witness: never,
    tryPairs: never,
  };
  const move = (host: HostId, step: PushStep) => void last.set(host, step);
  const world: PushWorld = {
    agents, move, meet: async () => ({ clientAddress: '192.0.2.9', machineId: '' }), nowMs: () => 0, wait: never, pause: never, keepStatus: () => {}, keepFacts: () => null, keepMachine: () => null, keepConsole: () => {}, keepFormer: () => {}, keepWaves: () => {}, seal: () => 'sealed', collect: async () => {}, cutSessions: async () => {},
    moveToConfirmed: ({ host }) => move(host, 'confirmed'),
  };
  return { world, loaded, ends: () => Object.fromEntries([...last].map(([host, step]) => [`host-${host.at(-1)}`, step])) };
}

/** One host at a time, so that it is sure who was begun. */
const aRun = (waves: HostLoad[][], stop: PushStop = { by: null, signal: new AbortController().signal }, pauseSeconds = 0): PushRun => ({ waves, pauseSeconds, unchanged: [], parallel: 1, stop });

test('after the first failure no further host is begun; those that confirmed stay confirmed', async () => {
  const { world, ends, loaded } = aWorld(['host-2']);
  expect(await runPush(world, aRun([[1, 2, 3, 4].map(aLoad)]))).toEqual({ stopped: true });
  expect(ends()).toEqual({ 'host-1': 'confirmed', 'host-2': 'failed', 'host-3': 'skipped', 'host-4': 'skipped' });
  expect(loaded).toEqual(['host-1', 'host-2']);
});

test('a failure on the last host leaves nobody out', async () => {
  const { world, ends } = aWorld(['host-2']);
  expect(await runPush(world, aRun([[1, 2].map(aLoad)]))).toEqual({ stopped: false });
  expect(ends()).toEqual({ 'host-1': 'confirmed', 'host-2': 'failed' });
});

test('a host that refuses because another push waits there has failed, and is not unknown', async () => {
  const { world, ends } = aWorld([]);
  const busy = status({ runningBundle: 'theirs', pending: { id: 'p_2', by: 'eve', bundle: 'theirs', deadline: 60, secondsLeft: 60 } });
  // The other push begins between our check and our load.
  const other = { began: false };
  const agents: AgentClient = {
    ...world.agents,
    apply: async ({ hostName }) => {
      other.began = true;
      throw new FirebreakError('PUSH_PENDING_ELSEWHERE', { host: hostName, pendingId: 'p_2', by: 'eve' });
    },
    status: async () => (other.began ? busy : status({})),
  };
  expect(await runPush({ ...world, agents }, aRun([[aLoad(1)]]))).toEqual({ stopped: false });
  expect(ends()).toEqual({ 'host-1': 'failed' });
});

test('when the workspace cannot be written, nothing more is sent', async () => {
  const { world, loaded } = aWorld([]);
  const full: PushWorld = {
    ...world,
    move: (host, step, detail) => {
      if (step === 'applying') throw new FirebreakError('DISK_FULL', { path: '/w' });
      world.move(host, step, detail);
    },
  };
  await expect(runPush(full, aRun([[1, 2].map(aLoad)]))).rejects.toThrow('DISK_FULL');
  expect(loaded).toEqual([]);
});

test('a wave begins once every host of the one before has confirmed; where one did not, the later waves are left as they are', async () => {
  const { world, ends, loaded } = aWorld(['host-2']);
  expect(await runPush(world, { ...aRun([[1], [2, 3], [4]].map((wave) => wave.map(aLoad))), parallel: 2 })).toEqual({ stopped: true });
  expect(ends()).toMatchObject({ 'host-1': 'confirmed', 'host-2': 'failed', 'host-4': 'skipped' });
  expect(loaded).not.toContain('host-4');
});

test('between two waves it pauses, and after the last it does not', async () => {
  const { world, ends } = aWorld([]);
  const pauses: { ms: number; confirmed: number }[] = [];
  const pause = async (ms: number) => void pauses.push({ ms, confirmed: Object.values(ends()).filter((step) => step === 'confirmed').length });
  await runPush({ ...world, pause }, aRun([[aLoad(1)], [aLoad(2)], [aLoad(3)]], undefined, 30));
  expect(pauses).toEqual([{ ms: 30_000, confirmed: 1 }, { ms: 30_000, confirmed: 2 }]);
});

test('one that somebody stops begins no further host, and says who it was', async () => {
  const { world, ends, loaded } = aWorld([]);
  const abort = new AbortController();
  const stop: PushStop = { by: null, signal: abort.signal };
  const details: string[] = [];
  const stopping: PushWorld = {
    ...world,
    pause: async () => {
      stop.by = 'eve';
    },
    move: (host, step, detail) => {
      world.move(host, step, detail);
      if (step === 'skipped') details.push(detail);
    },
  };
  expect(await runPush(stopping, aRun([[aLoad(1)], [aLoad(2), aLoad(3)]], stop, 1))).toEqual({ stopped: true });
  expect(ends()).toEqual({ 'host-1': 'confirmed', 'host-2': 'skipped', 'host-3': 'skipped' });
  expect(loaded).toEqual(['host-1']);
  expect(details).toEqual(['eve stopped the push before this host was loaded', 'eve stopped the push before this host was loaded']);
});

test('one that is stopped while hosts are checked loads nothing', async () => {
  const { world, ends, loaded } = aWorld([]);
  const stop: PushStop = { by: null, signal: new AbortController().signal };
  const agents: AgentClient = {
    ...world.agents,
    check: async (...asked) => {
      stop.by = 'eve';
      return world.agents.check(...asked);
    },
  };
  expect(await runPush({ ...world, agents }, aRun([[aLoad(1)], [aLoad(2)]], stop))).toEqual({ stopped: true });
  expect([ends(), loaded]).toEqual([{ 'host-1': 'skipped', 'host-2': 'skipped' }, []]);
});
