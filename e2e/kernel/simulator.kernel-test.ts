import { afterAll, beforeAll, expect, test } from 'vitest';
import type { FleetHost } from '../../shared/model/host.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { createSimulator, type Decision, type Packet } from '../../shared/policy/simulate.ts';
import { arbitraryPacket, type Edges, edgesOf } from '../../shared/policy/testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../../shared/policy/testing/arbitrary-policy.ts';
import { createRandom, type Random } from '../../shared/policy/testing/random.ts';
import { KernelOracle } from './oracle.ts';
import { readRefused } from './refused-set.ts';

/** The figure is 300 policies of 3,000 probes (`npm run test:oracle`); `npm test` runs this shorter cut. A seed repeats a run. */
const POLICIES = Number(process.env['FIREBREAK_ORACLE_POLICIES'] ?? 60);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);
/** Outbound probes are sent by root, and no unit of the random policies is there to send or to listen. */
const ROOT = { user: 'root', group: 'root', unit: 'none.service', listener: 'none.service' } as const;
const TODAY = { nowMs: Date.now() };
const DIRECTIONS = ['in', 'out'] as const;

let oracle: KernelOracle;
beforeAll(async () => {
  oracle = await KernelOracle.start('sim');
});
afterAll(async () => {
  await oracle?.stop();
});

/** What the namespaces can send and own: 10.0.0.0/8 and fd00::/16, no SCTP. */
const isProbe = (packet: Packet) => packet.protocol !== 'sctp' && [packet.source, packet.destination].every((text) => /^(10\.|fd00:)/.test(text));

function pickProbes(random: Random, edges: Edges, host: FleetHost, direction: 'in' | 'out'): Packet[] {
  const probes: Packet[] = [];
  const own = new Set(host.addresses.map((text) => printAddress(getAddress(text))));
  for (let tries = 0; probes.length < PROBES / 2 && tries < PROBES * 20; tries += 1) {
    const local = host.addresses[random.integer(host.addresses.length)];
    if (local === undefined) return [];
    const packet = arbitraryPacket(random, edges, { direction, local });
    const peer = direction === 'in' ? packet.source : packet.destination;
    if (isProbe(packet) && !own.has(peer)) probes.push({ ...packet, sourcePort: packet.sourcePort ?? 40_000 });
  }
  // One family after the other: the sentinel behind each batch has to take the same way as its probes.
  return probes;
}

type Disagreement = { seed: number; host: string; direction: string; packet: Packet; kernel: string; simulator: Decision };

test(`simulator and kernel agree on ${POLICIES} random policies × ${PROBES} probes, seed ${SEED}`, async () => {
  const disagreements: Disagreement[] = [];
  const count = { probes: 0, allowed: 0, refused: 0, keys: 0 };
  let tried = 0;
  for (let seed = SEED; tried < POLICIES; seed += 1) {
    const random = createRandom(seed);
    const { policy, hosts } = arbitraryPolicy(seed);
    const edges = edgesOf(policy, hosts);
    const simulator = createSimulator(policy, hosts, TODAY);
    const rulesets = [...compileFleet(policy, hosts, TODAY).values()].filter((ruleset) => ruleset.mode !== 'observe' || random.chance(0.2));
    const ruleset = rulesets[random.integer(Math.max(1, rulesets.length))];
    const host = hosts.find((candidate) => candidate.id === ruleset?.hostId);
    if (ruleset === undefined || host === undefined || host.addresses.length === 0) continue;
    tried += 1;
    oracle.load(printBundle(ruleset, { policyVersion: 1 }).text);
    const expectedKeys = new Set<string>();
    const turned = new Set<string>();
    for (const direction of DIRECTIONS) {
      const all = pickProbes(random, edges, host, direction);
      for (const probes of [all.filter((p) => p.source.includes(':')), all.filter((p) => !p.source.includes(':'))]) {
        if (probes.length === 0) continue;
        const decideAt = (packet: Packet, atMs: number) => simulator[direction === 'in' ? 'decideInbound' : 'decideOutbound'](host.id, { ...packet, atMs, ...ROOT });
        const sentAtMs = Date.now();
        const passed = await oracle[direction === 'in' ? 'inbound' : 'outbound'](probes);
        const answeredAtMs = Date.now();
        probes.forEach((packet, index) => {
          const decision = decideAt(packet, sentAtMs);
          // A window that opened or closed meanwhile: which of the two the packet met is not known.
          if (decideAt(packet, answeredAtMs).verdict !== decision.verdict) return void turned.add(keyOf(direction, packet));
          const kernel = passed.has(index) ? 'passed' : 'refused';
          count.probes += 1;
          count[decision.verdict === 'blocked' ? 'refused' : 'allowed'] += 1;
          if ((kernel === 'passed') !== (decision.verdict !== 'blocked')) disagreements.push({ seed, host: host.name, direction, packet, kernel, simulator: decision });
          if (decision.verdict !== 'allowed') expectedKeys.add(keyOf(direction, packet));
        });
      }
    }
    const refused = readRefused(oracle.listTable());
    count.keys += expectedKeys.size;
    for (const key of expectedKeys.symmetricDifference(refused).difference(turned)) disagreements.push({ seed, host: host.name, direction: key, packet: { source: '', destination: '', protocol: 'other', port: null, sourcePort: null }, kernel: refused.has(key) ? 'counted as refused' : 'not counted', simulator: { verdict: 'allowed', atBest: 'allowed', judged: true, by: null, reason: 'default' } });
    if (disagreements.length > 20) break;
  }
  console.log(`seed ${SEED}: ${count.probes} probes, ${count.allowed} let through, ${count.refused} refused, ${count.keys} refused keys compared with the kernel's sets, ${disagreements.length} disagreements`);
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(count.allowed).toBeGreaterThan(count.probes / 20);
  expect(count.refused).toBeGreaterThan(count.probes / 20);
});

/** As the miss sets have it: no source port, and 0 for what has no ports. */
function keyOf(direction: 'in' | 'out', packet: Packet): string {
  const peer = printAddress(getAddress(direction === 'in' ? packet.source : packet.destination));
  const hasPort = packet.protocol === 'tcp' || packet.protocol === 'udp';
  return `${direction} ${peer} ${packet.protocol} ${hasPort ? packet.port : 0}`;
}
