import { describe, expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { compileHost } from './compile.ts';
import { diffHostRulesets } from './diff-host.ts';
import { diffPolicy } from './diff-policy.ts';
import { listFlowImpact } from './flow-impact.ts';
import { aFlow } from './testing/a-flow.ts';
import { aClosure, aHost, anIpList, aPolicy, aRule, aService, aZone, hostId, peer, ruleId } from './testing/builders.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };

describe('the diff of two policies', () => {
  const full = aPolicy({
    zones: [aZone({ name: 'a' }), aZone({ name: 'b' })],
    rules: [aRule()],
    services: [aService('dns', 'udp/53')],
    ipLists: [anIpList('corp', ['10.0.0.0/8'])],
    tests: [{ expect: 'deny', from: peer('any'), to: peer('role=db'), service: { kind: 'any' } }],
  });
  const short = (before: Policy, after: Policy) => diffPolicy(before, after).map((row) => `${row.change} ${row.what} ${row.name}`);

  it('is empty between equal policies, and does not mind the order of rules', () => {
    const two = [aRule({ n: 1 }), aRule({ n: 2 })];
    expect(diffPolicy(full, structuredClone(full))).toEqual([]);
    expect(short(aPolicy({ rules: two }), aPolicy({ rules: [...two].reverse() }))).toEqual([]);
  });

  it('has a row for each object that came, and the mirror of it for each that went', () => {
    const rows = ['zone a', 'zone b', 'rule r_000000000001', 'service dns', 'iplist corp', 'test any cannot reach role=db on any'];
    expect(short(aPolicy(), full)).toEqual(rows.map((row) => `added ${row}`));
    expect(short(full, aPolicy())).toEqual(rows.map((row) => `removed ${row}`));
  });

  it('shows what changed as it was and as it is, metadata too', () => {
    expect(diffPolicy(aPolicy({ rules: [aRule()] }), aPolicy({ rules: [aRule({ owner: 'ops', expiresOn: '2026-12-31' })] }))).toEqual([
      {
        change: 'changed',
        what: 'rule',
        name: ruleId(1),
        before: 'allow role=web → role=db on tcp/5432',
        after: 'allow role=web → role=db on tcp/5432; owner ops; expires on 2026-12-31',
      },
    ]);
  });

  it('tells another order of zones', () => {
    expect(diffPolicy(full, { ...full, zones: [...full.zones].reverse() })).toEqual([
      { change: 'changed', what: 'zone-order', name: 'order of zones', before: 'a, b', after: 'b, a' },
    ]);
  });

  it('shows an exempted pair more or less, however many there are, and only counts them of what came or went', () => {
    const pairs = Array.from({ length: 40 }, (_, i) => `10.1.0.${i} to h1`);
    const closing = (except: string[]): Policy => aPolicy({ zones: [aZone()], containments: [aClosure({ except })] });
    const [changed] = diffPolicy(closing(pairs), closing(pairs.slice(0, -1)));
    expect([changed?.change, changed?.before?.includes('10.1.0.39 → h1'), changed?.after?.includes('10.1.0.39 → h1')]).toEqual(['changed', true, false]);
    const bare = { ...closing(pairs), containments: [] };
    expect([diffPolicy(bare, closing(pairs))[0]?.after, diffPolicy(closing(pairs), bare)[0]?.before].map((text) => text?.includes('10.1.0.11 → h1 and 28 more'))).toEqual([true, true]);
  });
});

describe('the diff of a host', () => {
  const db = aHost({ n: 1, labels: 'app=shop,role=db' });
  const web = (n: number) => aHost({ n, labels: 'app=shop,role=web', addresses: [`10.0.${n}.1`] });
  const compile = (policy: Partial<Policy>, hosts = [db, web(2)]) => compileHost(aPolicy(policy), hosts, hostId(1), TODAY);
  const rows = (before: ReturnType<typeof compile> | null, after: ReturnType<typeof compile>) =>
    diffHostRulesets(before, after).map((row) => `${row.change} ${row.direction} ${row.effect} ${row.text}`);
  const enforced = { zones: [aZone()] };

  it('is empty when nothing changes', () => {
    expect(rows(compile({ ...enforced, rules: [aRule()] }), compile({ ...enforced, rules: [aRule()] }))).toEqual([]);
  });

  it('says what a first push brings', () => {
    expect(rows(null, compile({ ...enforced, rules: [aRule()] }))).toEqual([
      'mode none tightens no rules → enforce',
      'changed none same zone no zone → shop',
      'added in widens management: SSH from 10.9.9.9',
      'added in same allow role=web → tcp/5432 from 1 address',
    ]);
  });

  it('names the address that a new member brings', () => {
    expect(rows(compile({ ...enforced, rules: [aRule()] }), compile({ ...enforced, rules: [aRule()] }, [db, web(2), web(3)]))).toEqual([
      'changed in widens allow role=web → tcp/5432 from 2 addresses (+10.0.3.1)',
    ]);
  });

  it('counts a rule that both adds and removes as widening', () => {
    expect(
      rows(compile({ ...enforced, rules: [aRule({ services: 'tcp/1-5' })] }), compile({ ...enforced, rules: [aRule({ services: 'tcp/4-8,udp/1' })] })),
    ).toEqual(['changed in widens allow role=web → tcp/4-8,udp/1 from 1 address (+tcp/6-8, +udp/1, −tcp/1-3)']);
  });

  it('counts a deny rule that denies less as widening, and one that goes', () => {
    const deny = (services: string) => compile({ ...enforced, rules: [aRule({ action: 'deny', services })] });
    expect(rows(deny('any'), deny('tcp'))).toEqual(['changed in widens deny role=web → tcp from 1 address (−every other service)']);
    expect(rows(deny('tcp'), compile(enforced))).toEqual(['removed in widens deny role=web → tcp from 1 address']);
  });

  it('says that other words for the same addresses change nothing', () => {
    expect(rows(compile({ ...enforced, rules: [aRule()] }), compile({ ...enforced, rules: [aRule({ from: 'host:h2' })] }))).toEqual([
      'changed in same allow host:h2 → tcp/5432 from 1 address',
    ]);
  });

  it('tells what a closed service does otherwise on this host: for an exempted host’s new address too, and not for a pair of another host', () => {
    const hosts = (address: string) => [aHost({ n: 1, labels: 'app=shop' }), aHost({ n: 2, addresses: [address] }), aHost({ n: 3, labels: 'app=shop' })];
    const rulesetOf = (except: string[], { address = '10.0.0.2', endsAt = '2026-01-16T00:00:00Z' } = {}) =>
      compileHost(aPolicy({ zones: [aZone({ mode: 'observe' })], containments: [aClosure({ except, endsAt })] }), hosts(address), hostId(1), TODAY);
    const was = rulesetOf(['host:h2 to h1']);
    const effects = (is: typeof was) => diffHostRulesets(was, is).map(({ change, effect }) => `${change} ${effect}`);
    expect(effects(rulesetOf(['host:h2 to h1'], { address: '10.0.0.9' }))).toEqual(['changed tightens']);
    expect(effects(rulesetOf(['host:h2 to h1', '10.7.0.7 to h1']))).toEqual(['changed widens']);
    expect(effects(rulesetOf(['host:h2 to h1'], { endsAt: '2026-01-17T00:00:00Z' }))).toEqual(['changed tightens']);
    expect(effects(rulesetOf(['host:h2 to h1'], { endsAt: '2026-01-15T12:00:00Z' }))).toEqual(['changed widens']);
    expect(effects(rulesetOf(['host:h2 to h1', '10.7.0.7 to h3']))).toEqual([]);
  });
});

describe('the impact on observed flows', () => {
  const hosts = [aHost({ n: 1, labels: 'app=shop,role=db' }), aHost({ n: 2, labels: 'app=shop,role=web' })];
  const state = (policy: Partial<Policy>) => ({ policy: aPolicy(policy), hosts });
  const changes = (before: Partial<Policy>, after: Partial<Policy>, flows = [aFlow()]) =>
    listFlowImpact(flows, state(before), state(after), TODAY).map((row) => `${row.change} ${row.port} ${row.connections} ${row.by}`);

  it('lists only what changes', () => {
    const flows = [aFlow(), aFlow({ port: 22, connections: 3 })];
    expect(changes({}, { zones: [aZone()], rules: [aRule()] }, flows)).toEqual(['allowed-to-blocked 22 3 null']);
    expect(changes({}, {}, flows)).toEqual([]);
  });

  it('puts what becomes blocked first, then by connections', () => {
    const flows = [aFlow({ port: 1, connections: 1 }), aFlow({ port: 2, connections: 5 }), aFlow()];
    expect(changes({ zones: [aZone()], rules: [aRule({ services: 'tcp/1-2' })] }, { zones: [aZone()], rules: [aRule()] }, flows)).toEqual([
      'allowed-to-blocked 2 5 null',
      'allowed-to-blocked 1 1 null',
      'blocked-to-allowed 5432 10 r_000000000001',
    ]);
  });

  it('knows test from enforce', () => {
    const [test, enforce] = (['test', 'enforce'] as const).map((mode) => ({ zones: [aZone({ mode })] }));
    expect(changes({}, test ?? {})).toEqual(['allowed-to-would-block 5432 10 null']);
    expect(changes(test ?? {}, enforce ?? {})).toEqual(['would-block-to-blocked 5432 10 null']);
    expect(changes(test ?? {}, { ...test, rules: [aRule()] })).toEqual(['would-block-to-allowed 5432 10 r_000000000001']);
  });

  it('adds up reports that differ only in what was done with them', () => {
    const flows = [aFlow({ port: 22 }), aFlow({ port: 22, verdict: 'would-block', connections: 7, lastSeenAtMs: 5 })];
    expect(listFlowImpact(flows, state({}), state({ zones: [aZone()] }), TODAY)).toMatchObject([{ connections: 17, lastSeenAtMs: aFlow().lastSeenAtMs }]);
  });

  it('does not call pings and DHCP renewals blocked', () => {
    const flows = [aFlow({ protocol: 'icmp', port: 0 }), aFlow({ direction: 'out', protocol: 'udp', port: 67, peerAddress: '10.0.0.254' })];
    expect(changes({}, { zones: [aZone({ outbound: 'restricted' })] }, flows)).toEqual([]);
  });
});
