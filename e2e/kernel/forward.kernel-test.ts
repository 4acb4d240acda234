import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFunctions } from '../../agent/testing/run-functions.ts';
import { toInstant } from '../../shared/model/containment.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { aHost, aPolicy, aQuarantine, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { CONTAINER } from './forward-namespaces.ts';
import { ForwardOracle, type Way } from './forward-oracle.ts';
import { pickForwardProbes, withEchoes } from './forward-probes.ts';
import { randomSubjects, TODAY } from './random-subjects.ts';
import { readCounted } from './refused-set.ts';

/** `npm run test:oracle` sets the figures; `npm test` runs this shorter cut. A seed repeats a run. */
const POLICIES = Number(process.env['FIREBREAK_FORWARD_POLICIES'] ?? 25);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);
const WAYS: readonly Way[] = ['published', 'masqueraded'];

let oracle: ForwardOracle;
beforeAll(async () => {
  oracle = await ForwardOracle.start('fwd');
});
afterAll(async () => {
  await oracle?.stop();
});

const keyOf = (way: Way, packet: Packet): string => {
  const [direction, peer] = way === 'published' ? ['in', packet.source] : ['out', packet.destination];
  const hasPort = packet.protocol === 'tcp' || packet.protocol === 'udp';
  return `${direction} ${printAddress(getAddress(peer))} ${packet.protocol} ${hasPort ? packet.port : 0}`;
};

test(`simulator and kernel agree on what is forwarded in ${POLICIES} random policies × ${PROBES} probes, seed ${SEED}`, async () => {
  const disagreements: unknown[] = [];
  const count = { probes: 0, published: 0, masqueraded: 0, refused: 0, keys: 0 };
  for (const { seed, random, ruleset, host, edges, simulator } of randomSubjects(SEED, POLICIES, withEchoes)) {
    oracle.load(printBundle(ruleset, { policyVersion: 1 }).text, host.addresses.map((text) => printAddress(getAddress(text))));
    const [seen, refused, turned] = [new Set<string>(), new Set<string>(), new Set<string>()];
    for (const way of WAYS) {
      for (const family of [4, 6] as const) {
        const probes = pickForwardProbes(random, edges, { host, way, family, amount: PROBES / 4 });
        const [first] = probes;
        if (first === undefined) continue;
        // The sentinel behind them is an echo request between the same ends.
        seen.add(keyOf(way, { ...first, protocol: family === 4 ? 'icmp' : 'icmpv6', port: null }));
        const decideAt = (packet: Packet, atMs: number) => simulator[way === 'published' ? 'decideInbound' : 'decideOutbound'](host.id, { ...packet, atMs });
        const sentAtMs = Date.now();
        const passed = await oracle.passed(way, probes);
        const answeredAtMs = Date.now();
        probes.forEach((packet, index) => {
          const decision = decideAt(packet, sentAtMs);
          seen.add(keyOf(way, packet));
          // A window that opened or closed meanwhile: which of the two the packet met is not known.
          if (decideAt(packet, answeredAtMs).verdict !== decision.verdict) return void turned.add(keyOf(way, packet));
          count.probes += 1;
          count[way] += 1;
          if (decision.verdict === 'blocked') count.refused += 1;
          if (passed.has(index) !== (decision.verdict !== 'blocked')) disagreements.push({ seed, host: host.name, way, packet, passed: passed.has(index), decision });
          if (decision.verdict !== 'allowed') refused.add(keyOf(way, packet));
        });
      }
    }
    const table = oracle.listTable();
    count.keys += seen.size + refused.size;
    for (const key of seen.symmetricDifference(readCounted(table, '').union(readCounted(table, 'miss_')))) disagreements.push({ seed, host: host.name, key, what: 'sent or recorded, and not both' });
    for (const key of refused.symmetricDifference(readCounted(table, 'miss_')).difference(turned)) disagreements.push({ seed, host: host.name, key, what: 'counted as refused by one only' });
    if (disagreements.length > 20) break;
  }
  console.log(`seed ${SEED}: ${count.probes} forwarded probes (${count.published} published, ${count.masqueraded} masqueraded), ${count.refused} refused, ${count.keys} keys compared with the kernel's sets, ${disagreements.length} disagreements`);
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(count.published).toBeGreaterThan(count.probes / 10);
  expect(count.masqueraded).toBeGreaterThan(count.probes / 10);
  expect(count.refused).toBeGreaterThan(count.probes / 20);
});

test('the rules of last resort of a host that enforced let nobody into its containers, and a router’s traffic through', async () => {
  const host = aHost({ n: 1, labels: 'app=shop', addresses: ['10.0.0.1', 'fd00::1'] });
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-failsafe-'));
  try {
    const confirmedPath = join(folder, 'confirmed.nft');
    writeFileSync(confirmedPath, printBundle(compileHost(aPolicy({ zones: [aZone()], rules: [aRule({ from: 'any', to: 'any', services: 'udp/5000' })] }), [host], hostId(1), TODAY), { policyVersion: 1 }).text);
    const failsafe = runFunctions(['sh'], folder, ['state', 'bundle', 'failsafe'], `failsafe_bundle ${confirmedPath}`);
    const probe = (source: string, destination: string): Packet => ({ source, destination, protocol: 'udp', port: 5000, sourcePort: 40_000 });
    oracle.load(failsafe, host.addresses);
    // The sentinel takes the way of the first.
    expect(await oracle.passed('published', [probe('10.7.0.7', CONTAINER[4]), probe('10.7.0.7', '10.0.0.1')])).toEqual(new Set([0]));
    expect(await oracle.passed('published', [probe('fd00:7::7', CONTAINER[6]), probe('fd00:7::7', 'fd00::1')])).toEqual(new Set([0]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a quarantine stops what goes into containers, what leaves them and what a router passes on, until it ends', async () => {
  const host = aHost({ n: 1, addresses: ['10.0.0.1'] });
  const probe = (source: string, destination: string): Packet => ({ source, destination, protocol: 'udp', port: 5000, sourcePort: 40_000 });
  const ways: readonly [Way, Packet][] = [['published', probe('10.7.0.7', '10.0.0.1')], ['masqueraded', probe('10.0.0.1', '10.7.0.8')], ['published', probe('10.7.0.9', CONTAINER[4])]];
  const load = (endsAtMs: number, nowMs: number) => oracle.load(printBundle(compileHost(aPolicy({ containments: [aQuarantine({ endsAt: toInstant(endsAtMs) })] }), [host], hostId(1), { nowMs }), { policyVersion: 1 }).text, host.addresses);
  load(Date.now() + 3_600_000, Date.now());
  for (const [way, packet] of ways) await expect(oracle.passed(way, [packet], 2)).rejects.toThrow('the sentinel was not seen');
  expect([...readCounted(oracle.listTable(), 'miss_')].filter((key) => key.includes(' udp ')).sort()).toEqual(['in 10.7.0.7 udp 5000', 'out 10.7.0.8 udp 5000']);
  load(Date.now() - 2000, Date.now() - 3_600_000);
  for (const [way, packet] of ways) expect(await oracle.passed(way, [packet])).toEqual(new Set([0]));
});

describe('what a router passes on', () => {
  const host = aHost({ n: 1, labels: 'app=shop', addresses: ['10.0.0.1', 'fd00::1'] });
  const closed = printBundle(compileHost(aPolicy({ zones: [aZone({ outbound: 'restricted' })] }), [host], hostId(1), TODAY), { policyVersion: 1 }).text;
  const probe = (source: string, destination: string): Packet => ({ source, destination, protocol: 'udp', port: 5000, sourcePort: 40_000 });

  test('is let through and recorded under its own ends, also by a host that enforces in both directions', async () => {
    oracle.load(closed, host.addresses);
    expect([await oracle.passed('published', [probe('10.7.0.7', CONTAINER[4])]), await oracle.passed('published', [probe('fd00:7::7', CONTAINER[6])])]).toEqual([new Set([0]), new Set([0])]);
    expect(oracle.listTable()).toContain('"10.7.0.7"');
    expect(readCounted(oracle.listTable(), '')).toEqual(new Set());
  });

  test('is let through when somebody redirects what was addressed to others', async () => {
    oracle.load(closed, host.addresses);
    oracle.nft(`add rule inet oracle into_container ip daddr 10.200.0.1 dnat ip to ${CONTAINER[4]}`);
    expect(await oracle.passed('published', [probe('10.7.0.7', '10.200.0.1')])).toEqual(new Set([0]));
    expect(readCounted(oracle.listTable(), '')).toEqual(new Set());
  });
});
