import { describe, expect, test } from 'vitest';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { Listener } from '../policy/reach/reach-world.ts';
import { aHost, aPolicy, aRule, aZone, peer, serviceRefs } from '../policy/testing/builders.ts';
import { chooseTries, MAX_TRIES, type ProofWorld } from './choose-tries.ts';

const web = [1, 2].map((n) => aHost({ n, name: `web${n}`, labels: 'role=web', addresses: [`10.0.0.${n}`, `fd00::${n}`] }));
const db = [3, 4].map((n) => aHost({ n, name: `db${n}`, labels: 'role=db', addresses: [`10.0.0.${n}`, `fd00::${n}`] }));
const old = aHost({ n: 5, name: 'old', labels: 'role=old', addresses: ['10.0.0.5'], managed: false });
const zones = [aZone({ name: 'web', select: 'role=web', outbound: 'restricted' }), aZone({ name: 'db', select: 'role=db' })];
const rules = [aRule({}), aRule({ n: 2, from: 'role=web', to: 'role=web', services: 'tcp/8080-8081' })];
const tests = (...lines: [from: string, expectation: 'allow' | 'deny', to: string, service: string][]) =>
  lines.map(([from, expectation, to, service]) => ({ expect: expectation, from: peer(from), to: peer(to), service: serviceRefs(service)[0] ?? { kind: 'any' as const } }));
const base = aPolicy({ zones, rules, tests: tests(['role=web', 'allow', 'role=db', 'tcp/5432'], ['role=db', 'deny', 'role=web', 'tcp/8080']) });

type WorldInput = { policy?: Policy; hosts?: FleetHost[]; absent?: ProofWorld['absent']; mode?: 'enforce' | 'test' | 'observe'; listeners?: Listener[] | null };
function aWorld({ policy = base, hosts = [...web, ...db], absent = () => null, mode = 'enforce', listeners = [] }: WorldInput = {}): ProofWorld {
  return { policy, hosts, absent, nowMs: Date.parse('2026-01-15T00:00:00Z'), runsOn: () => ({ policy: { ...policy, zones: policy.zones.map((zone) => ({ ...zone, mode })) }, mode }), listenersOf: () => listeners };
}
const choose = (world: ProofWorld, choice: Partial<Parameters<typeof chooseTries>[1]> = {}) => chooseTries(world, { zone: null, sample: 0, seed: 1, ...choice });
const lines = ({ tries }: ReturnType<typeof chooseTries>) => tries.map(({ from, to, destination, port, expect: wanted, untried }) => `${from} ${wanted} ${to} ${destination.includes(':') ? 6 : 4} ${port}${untried === '' ? '' : `: ${untried}`}`);

describe('policy tests', () => {
  test('up to three pairs of hosts each, in both families, on the first and last port', () => {
    const chosen = choose(aWorld());
    expect(chosen.tries).toHaveLength(12);
    expect(lines(chosen).slice(0, 2).map((line) => line.replaceAll(/[12] allow|db[34]/g, '_'))).toEqual(['web_ _ 4 5432', 'web_ _ 6 5432']);
    expect(chosen.tries.every(({ untried }) => untried === '')).toBe(true);
    const ranged = choose(aWorld({ policy: { ...base, tests: tests(['host:web1', 'allow', 'host:web2', 'tcp/8080-8081']) } }));
    expect(lines(ranged)).toEqual(['web1 allow web2 4 8080', 'web1 allow web2 6 8080', 'web1 allow web2 4 8081', 'web1 allow web2 6 8081']);
  });

  test.each([
    ['where neither end enforces', { mode: 'test' as const }, tests(['host:db3', 'deny', 'host:web1', 'tcp/8080']), ': neither db3 nor web1 enforces rules for it yet'],
    ['over UDP', {}, tests(['host:web1', 'deny', 'host:db3', 'udp/53']), ': only TCP is tried: nothing else answers by itself'],
    ['between nobody', {}, tests(['role=nobody', 'deny', 'host:db3', 'tcp/22']), ': no two hosts of this workspace are its ends'],
  ])('one %s says so and is not tried', (_what, given, own, reason) => {
    const chosen = lines(choose(aWorld({ ...given, policy: { ...base, tests: own } })));
    expect(chosen.length).toBeGreaterThan(0);
    expect(chosen.every((line) => line.endsWith(reason))).toBe(true);
  });

  test('hosts that can take part are chosen before those that cannot', () => {
    const absent = ({ name }: FleetHost) => (name === 'web1' || name === 'db3' ? `${name} is not managed over SSH` : null);
    expect([...new Set(lines(choose(aWorld({ absent }))))].toSorted()).toEqual(['db4 deny web2 4 8080', 'db4 deny web2 6 8080', 'web2 allow db4 4 5432', 'web2 allow db4 6 5432']);
    const none = choose(aWorld({ absent: ({ name }) => `${name} is not managed over SSH` }));
    expect(none.tries.every(({ untried }) => untried.endsWith('is not managed over SSH'))).toBe(true);
  });

  test('what a user, a group or a listening unit decides is not tried, because a try is made by root', () => {
    const policy = { ...base, rules: [aRule({ as: 'unit:ssh.service' })], tests: tests(['host:web1', 'allow', 'host:db3', 'tcp/5432']) };
    expect(choose(aWorld({ policy })).tries[0]?.untried).toContain('depends on a user, group or unit');
    const served = { ...base, rules: [{ ...aRule({}), servedBy: 'postgresql.service' as never }], tests: tests(['host:web1', 'allow', 'host:db3', 'tcp/5432']) };
    expect(choose(aWorld({ policy: served, listeners: null })).tries[0]?.untried).toContain('depends on a user, group or unit');
    const listening: Listener[] = [{ protocol: 'tcp', port: 5432, families: [4, 6], address: null, process: 'postgres', unit: 'postgresql.service' }];
    expect(choose(aWorld({ policy: served, listeners: listening })).tries[0]?.untried).toBe('');
  });
});

describe('the sample', () => {
  const noTests = { ...base, tests: [] };

  test('has allowed and forbidden pairs, as many as asked for, and no pair twice', () => {
    const { tries, notes } = choose(aWorld({ policy: noTests }), { sample: 8 });
    const pairs = new Set(tries.map(({ from, to, port }) => `${from} ${to} ${port}`));
    expect([pairs.size, tries.length, notes]).toEqual([8, 16, []]);
    expect(new Set(tries.map(({ expect: wanted }) => wanted))).toEqual(new Set(['allow', 'deny']));
    for (const { from, to, port, expect: wanted } of tries) {
      const isAllowed = (from.startsWith('web') && to.startsWith('db') && port === 5432) || (from.startsWith('web') && to.startsWith('web') && (port === 8080 || port === 8081));
      expect(wanted, `${from} ${to} ${port}`).toBe(isAllowed ? 'allow' : 'deny');
    }
  });

  test('is the same for the same seed, and another for another', () => {
    const world = aWorld();
    expect(choose(world, { sample: 6, seed: 7 })).toEqual(choose(aWorld(), { sample: 6, seed: 7 }));
    expect(choose(world, { sample: 6, seed: 7 }).tries).not.toEqual(choose(world, { sample: 6, seed: 8 }).tries);
  });

  test('of a zone begins or ends there', () => {
    const { tries } = choose(aWorld(), { sample: 6, zone: 'db' });
    expect(tries.length).toBeGreaterThan(6);
    expect(tries.every(({ fromZone, toZone }) => fromZone === 'db' || toZone === 'db')).toBe(true);
  });

  test('has nothing where nobody enforces, and says how much there was', () => {
    const { tries, notes } = choose(aWorld({ policy: noTests, mode: 'observe' }), { sample: 5 });
    expect([tries, notes]).toEqual([[], ['The zones gave 0 of 5 pairs that at least one end enforces and whose answer depends on nothing that a try cannot show.']]);
  });

  test('of one host, of two, and of hosts without SSH', () => {
    const one = aWorld({ policy: noTests, hosts: web.slice(0, 1) });
    expect(choose(one, { sample: 3 }).tries).toEqual([]);
    const two = choose(aWorld({ policy: noTests, hosts: [...web.slice(0, 1), ...db.slice(0, 1), old] }), { sample: 3 });
    expect(new Set(two.tries.flatMap(({ from, to }) => [from, to]))).toEqual(new Set(['web1', 'db3']));
    expect(choose(aWorld({ policy: noTests, absent: () => 'away' }), { sample: 3 }).tries).toEqual([]);
  });

  test('in an IPv4 host and a dual-stack one only IPv4 is tried', () => {
    const hosts = [web[0], aHost({ n: 3, name: 'db3', labels: 'role=db', addresses: ['10.0.0.3'] })].flatMap((host) => (host === undefined ? [] : [host]));
    const { tries } = choose(aWorld({ policy: noTests, hosts }), { sample: 2 });
    expect(tries.length).toBeGreaterThan(0);
    expect(tries.every(({ source, destination }) => !source.includes(':') && !destination.includes(':'))).toBe(true);
  });
});

test('there is an end to it, and it says what was left out', () => {
  const many = Array.from({ length: 60 }, () => tests(['role=web', 'allow', 'role=db', 'tcp/5432'])).flat();
  const { tries, notes } = choose(aWorld({ policy: { ...base, tests: many } }));
  expect(tries).toHaveLength(MAX_TRIES);
  expect(notes).toEqual([`${60 * 6 - MAX_TRIES} tries beyond ${MAX_TRIES} were left out; name a zone, or a smaller sample.`]);
});
