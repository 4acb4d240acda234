import { expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { findLockouts } from './lockout.ts';
import { aHost, anIpList, aPolicy, aRule, aZone, hostId } from './testing/builders.ts';

const DB = aHost({ n: 1, labels: 'app=shop,role=db' });
const JUMP = aHost({ n: 2, labels: 'app=ops' });
const JUMPS = [{ host: hostId(1), through: hostId(2) }];
const find = (policy: Partial<Policy>, hosts = [DB, JUMP], jumps: typeof JUMPS = []) =>
  findLockouts(aPolicy({ zones: [aZone()], ...policy }), hosts, { nowMs: Date.UTC(2026, 0, 15), jumps, consoleHost: null }).map(
    (refusal) => `${refusal.host} ${refusal.rule}: ${refusal.reason}`,
  );

it('has nothing against a policy that says nothing about SSH from the console', () => {
  expect(
    find({
      rules: [
        aRule({ action: 'deny', from: '10.0.0.0/24', to: 'any', services: 'tcp/22' }),
        aRule({ n: 2, action: 'deny', from: 'any', to: 'any', services: 'tcp/23' }),
      ],
    }),
  ).toEqual([]);
});

it.each([
  ['any on SSH', { from: 'any', services: 'tcp/22' }, {}],
  ['every service', { from: 'any', services: 'any' }, {}],
  ['a range around the port', { from: '10.9.9.0/24', services: 'tcp/20-30' }, {}],
  ['a list that holds the console', { from: 'iplist:far', services: 'tcp' }, {}],
  ['a provider by address', { from: 'any', to: '10.0.0.1', services: 'tcp/22' }, {}],
  ['a zone in test', { from: 'any', services: 'tcp/22' }, { mode: 'test' as const }],
])('refuses a deny rule that would cut the console: %s', (_name, rule, zone) => {
  const lockouts = find({
    zones: [aZone(zone)],
    ipLists: [anIpList('far', ['10.0.0.0/8'], ['10.9.9.0/29'])],
    rules: [aRule({ action: 'deny', to: 'role=db', ...rule })],
  });
  expect(lockouts).toHaveLength(1);
  expect(lockouts[0]).toMatch(/^h1 r_000000000001: rule r_000000000001 \(deny .*\) denies SSH from the console 10\.9\.9\.9 to h1 port 22; exclude/);
});

it('does not refuse what the same rule does to a host that is only observed, or when it expired', () => {
  const deny = aRule({ action: 'deny', from: 'any', to: 'any', services: 'any' });
  expect(find({ zones: [aZone({ mode: 'observe' })], rules: [deny] })).toEqual([]);
  expect(find({ rules: [{ ...deny, expiresOn: '2026-01-14' }] })).toEqual([]);
});

it('finds the console of a host whose own address is not known yet', () => {
  const unknown = { ...DB, addresses: [] };
  expect(find({ rules: [aRule({ action: 'deny', from: '10.9.9.9', to: 'any', services: 'any' })] }, [unknown])).toHaveLength(1);
});

it('refuses a host that would be judged and has no console address', () => {
  const lonely = { ...DB, management: { consoleAddresses: [], sshPort: 22 } };
  expect(find({}, [lonely])).toEqual([
    'h1 null: no console address is recorded for h1, so no rule could keep SSH open; run “firebreak agent status h1” first, which records the address that the host sees',
  ]);
  expect(find({ zones: [] }, [lonely])).toEqual([]);
});

it('refuses to close the way through a jump host', () => {
  const zones = [aZone({ name: 'ops', select: 'app=ops', outbound: 'restricted' })];
  expect(find({ zones }, undefined, JUMPS)).toEqual([
    'h1 null: SSH to h1 goes through h2, which could no longer reach its port 22: zone ops restricts outbound and no rule allows it',
  ]);
  expect(find({ zones, rules: [aRule({ from: 'app=ops', to: 'any', services: 'tcp/22' })] }, undefined, JUMPS)).toEqual([]);
  expect(
    find(
      { zones: [aZone({ name: 'ops', select: 'app=ops' })], rules: [aRule({ action: 'deny', from: 'app=ops', to: 'role=db', services: 'tcp' })] },
      undefined,
      JUMPS,
    ),
  ).toEqual([
    'h1 r_000000000001: SSH to h1 goes through h2, which could no longer reach its port 22: rule r_000000000001 (deny app=ops → role=db on tcp) denies it',
  ]);
});
