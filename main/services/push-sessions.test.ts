import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { aShop } from '../../e2e/fakehost/push-policies.ts';
import { type PushKit, shutOnceLoaded, startPushKit } from '../../e2e/fakehost/push-kit.ts';
import type { FakeWire } from '../../e2e/fakehost/fake-sessions.ts';
import type { AgentSession } from '../../shared/contract/agent-replies.ts';
import { Policy } from '../../shared/model/policy.ts';
import { aRule } from '../../shared/policy/testing/builders.ts';
import { listAudit } from './audit.ts';
import { readSessionPlan } from './plan-sessions.ts';

let kit: PushKit;
beforeEach(async () => {
  kit = await startPushKit(2);
});
afterEach(() => kit.close());

/** Host 1 has nginx on 8080 (the kit's own), and the console over SSH. */
function hold(input: Partial<AgentSession> = {}, index = 0): FakeWire {
  const wire = { alive: true };
  const row: AgentSession = {
    protocol: 'tcp', direction: 'in', path: 'local', local: `10.77.0.${11 + index}`, localPort: 8080, peer: '10.77.0.50', peerPort: 40_000,
    uid: 33, user: 'www-data', process: 'nginx', unit: 'nginx.service', ageSeconds: null, ...input,
  };
  kit.host(index).machine.sessions.add(row, wire);
  return wire;
}
const plan = () => readSessionPlan(kit.backend, null);
const ENFORCE = Policy.parse({ ...aShop('enforce'), rules: [aRule({ from: '10.77.0.60', to: 'app=shop', services: 'tcp/8080' })] });
const lastPush = async (sessions?: 'keep' | 'cut') => (await kit.push(sessions === undefined ? {} : { sessions })).at(-1);

describe('the plan', () => {
  test('lists what lives on hosts that go to enforce and that the draft forbids, and nothing else', async () => {
    kit.setPolicy(ENFORCE);
    hold();
    hold({ peer: '10.77.0.60' });
    hold({ localPort: 22, peer: '10.77.0.1', peerPort: 40_022 });
    hold({ peer: '10.77.0.12', peerPort: 1 });
    const { hosts } = await plan();
    expect(hosts.map(({ hostName, live, total, uncertain, warnings }) => [hostName, live, total, uncertain, warnings])).toEqual([
      ['host-1', 4, 2, 0, []],
      ['host-2', 0, 0, 0, []],
    ]);
    expect(hosts[0]?.forbidden).toEqual([
      { direction: 'in', protocol: 'tcp', localAddress: '10.77.0.11', localPort: 8080, peerAddress: '10.77.0.50', peerPort: 40_000, peerName: '10.77.0.50', port: 8080, user: 'www-data', unit: 'nginx.service', process: 'nginx', sinceMs: null, by: null },
      expect.objectContaining({ peerName: 'host-2' }),
    ]);
  });

  test('asks no host that is not brought to enforce', async () => {
    kit.setPolicy(aShop('test'));
    hold();
    expect(await plan()).toEqual({ hosts: [] });
    expect(kit.host(0).commands).not.toContain('sessions');
  });

  test('asks a host that enforces already only when it lets less through than before', async () => {
    kit.setPolicy(ENFORCE);
    await kit.push();
    hold({ peer: '10.77.0.60' });
    kit.setPolicy(Policy.parse({ ...ENFORCE, rules: [...ENFORCE.rules, aRule({ n: 2, from: '10.77.0.50', to: 'app=shop', services: 'tcp/8080' })] }));
    expect(await plan()).toEqual({ hosts: [] });
    kit.setPolicy(Policy.parse({ ...ENFORCE, rules: [] }));
    expect((await plan()).hosts.map(({ hostName, total }) => [hostName, total])).toEqual([['host-1', 1], ['host-2', 0]]);
  });

  test('goes without the list of a host that fails, and says so', async () => {
    kit.setPolicy(ENFORCE);
    hold({}, 1);
    kit.host(0).faults.push({ command: 'sessions', kind: 'lie', reply: () => ({ exitCode: 0, stdout: '{"v":1,"sessions":"many"}' }) });
    const { hosts } = await plan();
    expect(hosts.map(({ hostName, total, warnings }) => [hostName, total, warnings.length])).toEqual([['host-1', 0, 1], ['host-2', 1, 0]]);
    expect(hosts[0]?.warnings[0]).toContain('host-1: its answer while reading its live connections could not be understood');
  });
});

describe('the push', () => {
  test('leaves every live connection alone unless told to cut', async () => {
    kit.setPolicy(ENFORCE);
    const wire = hold();
    const push = await lastPush();
    expect(push).toMatchObject({ outcome: 'confirmed', sessions: 'keep', hosts: [{ sessionsCut: null }, { sessionsCut: null }] });
    expect(wire.alive).toBe(true);
    expect(kit.host(0).commands).not.toContain('cut');
  });

  test('cuts what its rules forbid once the host has confirmed, and nothing else, and records it', async () => {
    kit.setPolicy(ENFORCE);
    const wires = { forbidden: hold(), allowed: hold({ peer: '10.77.0.60' }), console: hold({ localPort: 22, peer: '10.77.0.1', peerPort: 40_022 }) };
    const push = await lastPush('cut');
    expect(push).toMatchObject({ outcome: 'confirmed', sessions: 'cut', hosts: [{ sessionsCut: { cut: 1, failed: 0, note: null } }, { sessionsCut: { cut: 0 } }] });
    expect(Object.entries(wires).filter(([, { alive }]) => alive).map(([name]) => name)).toEqual(['allowed', 'console']);
    const { commands } = kit.host(0);
    expect(commands.indexOf('cut')).toBeGreaterThan(commands.indexOf('confirm'));
    expect(kit.host(1).commands).not.toContain('cut');
    const entry = listAudit(kit.backend, 20, null).find(({ action, subject }) => action === 'push.sessions-cut' && subject === 'host-1');
    expect(entry?.detail).toContain('1 live connection cut: tcp 10.77.0.50:40000 → 10.77.0.11:8080');
  });

  test('a host that does not confirm cuts nothing', async () => {
    kit.setPolicy(ENFORCE);
    const wire = hold();
    kit.host(0).faults.push(...shutOnceLoaded('drop-before'));
    await lastPush('cut');
    expect(kit.host(0).commands).not.toContain('cut');
    expect(wire.alive).toBe(true);
  });

  test('a host that fails to cut stays confirmed, and says what lives on', async () => {
    kit.setPolicy(ENFORCE);
    hold();
    kit.host(0).faults.push({ command: 'cut', kind: 'refuse', reply: () => ({ exitCode: 3, stdout: '{"v":1,"error":"NOT_CONFIRMED","detail":"no"}' }) });
    const push = await lastPush('cut');
    expect(push).toMatchObject({ outcome: 'confirmed', hosts: [{ step: 'confirmed', sessionsCut: { cut: 0, note: expect.stringContaining('Whether its live connections were cut is not known') } }, {}] });
  });

  test('in test mode there is nothing to cut', async () => {
    kit.setPolicy(aShop('test'));
    const wire = hold();
    expect(await lastPush('cut')).toMatchObject({ outcome: 'confirmed', hosts: [{ sessionsCut: null }, { sessionsCut: null }] });
    expect(wire.alive).toBe(true);
  });
});
