import { afterEach, expect, test } from 'vitest';
import { KIT_PASSWORD, type PushKit, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import type { CollectRound } from '../../shared/contract/collect-rounds.ts';
import type { CollectEvery } from '../../shared/contract/workspace-settings.ts';
import { listAudit } from '../db/audit-store.ts';
import { insertFlowHistory } from '../db/flow-store.ts';
import { collectFrom } from './agent-service.ts';
import { collectWhenDue, startCollecting } from './collect-loop.ts';
import { collectRound, readCollecting } from './collect-round.ts';
import { getHost } from './find-host.ts';
import { changeSettings, readSettings } from './workspace-settings.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
let kit: PushKit;
afterEach(() => kit.close());

async function startWith(count: number, every: CollectEvery | null): Promise<void> {
  kit = await startPushKit(count);
  changeSettings(kit.backend, { ...readSettings(kit.backend), collectEveryMinutes: every });
  for (const host of kit.hosts) host.commands.length = 0;
}

/** Who was asked for its flows since the last look. */
function asked(): string[] {
  const names = kit.hosts.filter(({ commands }) => commands.includes('drain')).map(({ name }) => name);
  for (const { commands } of kit.hosts) commands.length = 0;
  return names;
}

/** One look of the window after this many minutes; who was asked. */
async function lookAfter(minutes: number): Promise<string[]> {
  kit.clock.nowMs += minutes * MINUTE_MS;
  await collectWhenDue(kit.backend);
  return asked();
}

/** The first host answers this command once it is let go. */
function hold(command: string): { arrived: Promise<void>; letGo: () => void } {
  const [arrived, until] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const fault = { command, kind: 'wait', until: until.promise } as const;
  const host = kit.host(0);
  host.faults.push(fault);
  host.onCommand = (name) => name === command && arrived.resolve();
  const letGo = () => {
    host.faults.splice(host.faults.indexOf(fault), 1);
    until.resolve();
  };
  return { arrived: arrived.promise, letGo };
}

async function round(): Promise<CollectRound> {
  for await (const event of collectRound(kit.backend, { hosts: { kind: 'all' }, everyMinutes: 5 })) if (event.type === 'done') return event.result;
  throw new Error('the round ended without a result');
}

test('nothing is collected where it is switched off; once it is on, at once and then by the clock, and the last round is told', async () => {
  await startWith(2, null);
  expect(await lookAfter(600)).toEqual([]);
  changeSettings(kit.backend, { ...readSettings(kit.backend), collectEveryMinutes: 15 });
  expect(await lookAfter(0)).toEqual(['host-1', 'host-2']);
  expect(await lookAfter(14)).toEqual([]);
  expect(await lookAfter(1)).toEqual(['host-1', 'host-2']);
  expect(readCollecting(kit.backend)).toMatchObject({ everyMinutes: 15, isUnderWay: false, last: { startedAtMs: kit.clock.nowMs, hosts: 2, answered: 2, failed: [], passed: [] } });
});

test('another console goes on where the last round was, and a clock that was put back does not stop them', async () => {
  await startWith(1, 60);
  expect(await lookAfter(0)).toEqual(['host-1']);
  const other = kit.openBackend();
  kit.clock.nowMs += 59 * MINUTE_MS;
  expect(await collectWhenDue(other)).toBe(false);
  kit.clock.nowMs -= 24 * 60 * MINUTE_MS;
  expect(await collectWhenDue(other)).toBe(true);
});

test('a host whose password nobody gave is not connected to, and is named; no failure is stored with it', async () => {
  await startWith(2, 5);
  kit.backend.secrets.clear();
  kit.backend.secrets.set(getHost(kit.backend, 'host-1').id, { sshPassword: KIT_PASSWORD, sudoPassword: null });
  expect(await round()).toMatchObject({ hosts: 2, answered: 1, failed: [], passed: [{ hostName: 'host-2', why: 'password' }] });
  expect(asked()).toEqual(['host-1']);
});

test('a host that is away is left alone for longer each time, and asked again once somebody has reached it', async () => {
  await startWith(1, 5);
  await kit.host(0).leave();
  const told: string[] = [];
  for (const minutes of [0, 5, 5, 5, 5, 5, 5]) {
    await lookAfter(minutes);
    const { failed = [], passed = [] } = readCollecting(kit.backend).last ?? {};
    told.push(failed.length > 0 ? 'failed' : (passed[0]?.why ?? 'answered'));
  }
  expect(told).toEqual(['failed', 'left-alone', 'failed', 'left-alone', 'left-alone', 'left-alone', 'failed']);
  await kit.host(0).comeBack();
  expect(await lookAfter(5)).toEqual([]);
  await Array.fromAsync(collectFrom(kit.backend, { kind: 'all' }));
  asked();
  expect(await lookAfter(5)).toEqual(['host-1']);
});

test('rounds write nothing into the audit log', async () => {
  await startWith(2, 5);
  await kit.host(1).leave();
  const before = listAudit(kit.backend.workspace.read, 500, null).length;
  for (const minutes of [0, 5, 5, 5]) await lookAfter(minutes);
  expect(listAudit(kit.backend.workspace.read, 500, null)).toHaveLength(before);
});

test('what is kept no longer goes with a round, and with a collect that somebody asked for', async () => {
  await startWith(1, 5);
  changeSettings(kit.backend, { ...readSettings(kit.backend), keepFlowDays: 120 });
  const flow = { reporter: getHost(kit.backend, 'host-1').id, direction: 'in', peerAddress: '10.0.0.2', forwardTo: null, protocol: 'tcp', user: null, unit: null, process: null, zone: null, verdict: 'accepted', policyVersion: null } as const;
  const old = (port: number) =>
    kit.backend.workspace.transaction((tx) => {
      insertFlowHistory(tx, { ...flow, port }, [{ atMs: kit.clock.nowMs - 200 * DAY_MS, connections: 1 }]);
      insertFlowHistory(tx, { ...flow, port, peerAddress: '10.0.0.3' }, [{ atMs: kit.clock.nowMs, connections: 1 }]);
    });
  const ports = () => kit.backend.workspace.read.all('SELECT port FROM flows WHERE peer_address = ?', ['10.0.0.2']);
  old(80);
  await round();
  expect(ports()).toEqual([]);
  kit.clock.nowMs += DAY_MS;
  old(81);
  for await (const event of collectFrom(kit.backend, { kind: 'all' })) if (event.type === 'done') break;
  expect(ports()).toEqual([]);
});

test('a push ends a round that is under way, and the host that was held by it is not asked by both', async () => {
  await startWith(1, 5);
  kit.setPolicy(aShop('test'));
  const { arrived, letGo } = hold('drain');
  const running = round();
  await arrived;
  const pushing = kit.push();
  expect((await running).passed).toEqual([{ hostName: 'host-1', why: 'push' }]);
  letGo();
  const states = await pushing;
  expect(states.at(-1)?.outcome).toBe('confirmed');
});

test('while a push runs no round begins', async () => {
  await startWith(1, 5);
  kit.setPolicy(aShop('test'));
  const { arrived, letGo } = hold('check');
  const pushing = kit.push();
  await arrived;
  expect(await collectWhenDue(kit.backend)).toBe(false);
  letGo();
  await pushing;
  expect(await collectWhenDue(kit.backend)).toBe(true);
});

test('two collections of one host never overlap: the second waits, and a round leaves it out', async () => {
  await startWith(1, 5);
  const { arrived, letGo } = hold('drain');
  const first = Array.fromAsync(collectFrom(kit.backend, { kind: 'all' }));
  await arrived;
  expect((await round()).passed).toEqual([{ hostName: 'host-1', why: 'busy' }]);
  letGo();
  await first;
  expect(await round()).toMatchObject({ answered: 1, passed: [] });
});

test('a window that closes ends the round, and nothing of it is left when it has closed', async () => {
  await startWith(1, 5);
  const { arrived } = hold('drain');
  const abort = new AbortController();
  const looking = collectWhenDue(kit.backend, abort.signal);
  await arrived;
  expect(readCollecting(kit.backend).isUnderWay).toBe(true);
  abort.abort();
  await looking;
  expect(readCollecting(kit.backend)).toMatchObject({ isUnderWay: false, last: null });
  await startCollecting(kit.backend).close();
});
