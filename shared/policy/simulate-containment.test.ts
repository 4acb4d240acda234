import { expect, test } from 'vitest';
import { explain } from './explain.ts';
import { createFlowJudge } from './judge-flow.ts';
import { findLockouts } from './lockout.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import { createSimulator, type Packet } from './simulate.ts';
import { aFlow } from './testing/a-flow.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aZone, expectParsed, hostId, peer, serviceRefs } from './testing/builders.ts';

const NOW = { nowMs: Date.UTC(2026, 0, 15, 1) };
const LATER = { nowMs: Date.UTC(2026, 0, 15, 4) };
const HOSTS = [aHost({ n: 1, labels: 'app=shop', published: [{ protocol: 'tcp', from: 8080, to: 8080 }] }), aHost({ n: 2, consoles: [] })];
const packet: Packet = { source: '10.0.0.2', destination: '10.0.0.1', protocol: 'tcp', port: 445, sourcePort: null };
const quarantined = aPolicy({ containments: [aQuarantine()] });

test('a quarantine decides before every rule and in every mode, and not from its end on', () => {
  for (const mode of ['observe', 'test', 'enforce'] as const) {
    const policy = { ...quarantined, zones: [aZone({ mode })] };
    expect(createSimulator(policy, HOSTS, NOW).decideInbound(hostId(1), packet)).toMatchObject({ verdict: 'blocked', by: 'c_000000000001', reason: 'contained' });
    expect(createSimulator(policy, HOSTS, NOW).decideOutbound(hostId(1), { ...packet, source: '10.0.0.1', destination: '10.0.0.2' })).toMatchObject({ verdict: 'blocked', reason: 'contained' });
    expect(createSimulator(policy, HOSTS, LATER).decideInbound(hostId(1), packet).reason).not.toBe('contained');
  }
});

test.each([
  ['SSH from the console', { source: '10.9.9.9', port: 22 }, 'allowed'],
  ['SSH from anybody else', { port: 22 }, 'blocked'],
  ['an ICMP error', { protocol: 'icmp', port: 3 }, 'allowed'],
  ['a ping', { protocol: 'icmp', port: 8 }, 'blocked'],
  ['its lease', { protocol: 'udp', port: 68, sourcePort: 67 }, 'allowed'],
  ['what is redirected to a container, an ICMP error too', { protocol: 'icmp', port: 3, isForwarded: true }, 'blocked'],
] satisfies [string, Partial<Packet>, string][])('under quarantine %s is decided so', (_what, change, verdict) => {
  expect(createSimulator(quarantined, HOSTS, NOW).decideInbound(hostId(1), { ...packet, ...change }).verdict).toBe(verdict);
});

test('a closed service spares the exempted pairs and everything else', () => {
  const policy = aPolicy({ zones: [aZone({ mode: 'observe' })], containments: [aClosure({ services: 'tcp/445,tcp/8080', except: ['host:h2 to h1'] })] });
  const { decideInbound, decideOutbound } = createSimulator(policy, HOSTS, NOW);
  const verdict = (change: Partial<Packet>) => decideInbound(hostId(1), { ...packet, ...change }).verdict;
  expect([verdict({}), verdict({ source: '10.0.0.3' }), verdict({ source: '10.0.0.3', port: 446 }), verdict({ source: '10.0.0.3', port: 8080 })]).toEqual(['allowed', 'blocked', 'allowed', 'blocked']);
  expect(decideOutbound(hostId(1), { ...packet, source: '10.0.0.1', destination: '10.0.0.3' }).verdict).toBe('allowed');
});

test('explain says until when and why; what was seen earlier is judged as if it came now', () => {
  const explained = expectParsed(explain(quarantined, HOSTS, NOW, { from: 'h2', to: 'h1', service: { kind: 'inline', entry: { kind: 'ports', protocol: 'tcp', from: 445, to: 445 } } }));
  expect(explained.verdict).toBe('blocked');
  expect(explained.steps.at(-1)?.text).toBe('blocked until 2026-01-15T04:00:00Z by containment c_000000000001: quarantine of h1 (odd traffic)');
  const flow = aFlow({ reporter: hostId(1), direction: 'in', peerAddress: '10.0.0.2', protocol: 'tcp', port: 445, lastSeenAtMs: Date.UTC(2025, 0, 1) });
  expect(createFlowJudge(quarantined, HOSTS, NOW)(flow)).toEqual({ kind: 'decided', verdict: 'blocked', by: 'c_000000000001' });
});

test('policy tests say what rules mean, and a quarantine breaks none', () => {
  const policy = { ...quarantined, zones: [aZone({ mode: 'observe', onlyServices: 'tcp/9' })], tests: [{ expect: 'allow' as const, from: peer('host:h2'), to: peer('app=shop'), service: serviceRefs('tcp/445')[0] ?? { kind: 'any' as const } }] };
  expect(runPolicyTests(policy, HOSTS, NOW)).toEqual({ ran: 1, broken: [] });
});

test('a quarantined host that observes needs a console address like one that is judged', () => {
  const policy = aPolicy({ containments: [aQuarantine({ host: 'h2' })] });
  expect(findLockouts(policy, HOSTS, { ...NOW, jumps: [], consoleHost: null })).toMatchObject([{ host: 'h2', reason: expect.stringContaining('no console address') }]);
  expect(findLockouts(policy, HOSTS, { ...LATER, jumps: [], consoleHost: null })).toEqual([]);
});

test('a quarantine of the host that the console runs on is a lockout, however it came into the policy', () => {
  const policy = aPolicy({ containments: [aQuarantine({ host: 'h1' })] });
  const reasons = (consoleHost: number, at = NOW) => findLockouts(policy, HOSTS, { ...at, jumps: [], consoleHost: hostId(consoleHost) }).map(({ host, reason }) => `${host}: ${reason}`);
  expect(reasons(1)).toEqual([expect.stringContaining('h1: this console runs on h1: quarantined, it could reach no other host')]);
  expect([reasons(2), reasons(1, LATER)]).toEqual([[], []]);
});
