import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toInstant } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import { EXPORT_TARGETS } from '../../shared/policy/export/export-targets.ts';
import { toExport } from '../../shared/policy/export/to-export.ts';
import { createSimulator, type Packet } from '../../shared/policy/simulate.ts';
import { arbitraryPacket, type Edges, edgesOf } from '../../shared/policy/testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../../shared/policy/testing/arbitrary-policy.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { createRandom, type Random } from '../../shared/policy/testing/random.ts';
import { GatewayOracle } from './gateway-oracle.ts';

const POLICIES = Number(process.env['FIREBREAK_GATEWAY_POLICIES'] ?? 25);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);
const TODAY = { nowMs: Date.now() };
/** Nobody that a rule names: a router sees no sender and no listener, so rules for one were left out. */
const STRANGER = { user: 'none', group: 'none', unit: 'none.service', listener: 'none.service' } as const;
const STAMP = { atMs: TODAY.nowMs, policyText: 'a random one', policyHash: '0' };

let oracle: GatewayOracle;
beforeAll(async () => {
  oracle = await GatewayOracle.start('gw');
});
afterAll(async () => {
  await oracle?.stop();
});

const isProbe = (packet: Packet) => packet.protocol !== 'sctp' && [packet.source, packet.destination].every((text) => /^(10\.|fd00:)/.test(text));
const canonical = (text: string): string => printAddress(getAddress(text));

/** Between any two ends, of which most are a protected host. Never a packet that would be the reply to another one, nor one that stays within a host. */
function pickProbes(random: Random, edges: Edges, hosts: readonly FleetHost[], { family, isByRule }: { readonly family: 4 | 6; readonly isByRule: (packet: Packet) => boolean }): Packet[] {
  const own = new Map<string, Set<string>>();
  for (const host of hosts) for (const address of host.addresses.map(canonical)) own.set(address, (own.get(address) ?? new Set()).add(host.name));
  const locals = [...own.keys()].filter((address) => getAddress(address).family === family);
  const [probes, flows] = [[] as Packet[], new Set<string>()];
  for (let tries = 0; probes.length < PROBES / 2 && tries < PROBES * 20; tries += 1) {
    const local = locals[random.integer(locals.length)];
    if (local === undefined) return [];
    const packet = { ...arbitraryPacket(random, edges, { direction: random.pick(['in', 'out'] as const), local }) };
    const [source, destination] = [own.get(canonical(packet.source)), own.get(canonical(packet.destination))];
    if (!isProbe(packet) || packet.source === packet.destination || (source && destination && !source.isDisjointFrom(destination))) continue;
    const isIcmp = packet.protocol === 'icmp' || packet.protocol === 'icmpv6';
    const sourcePort = isIcmp ? null : (packet.sourcePort ?? 40_000);
    if (!isIcmp && flows.has([packet.protocol, packet.destination, packet.port, packet.source, sourcePort].join(' '))) continue;
    // Most of what is drawn meets the default; what rules decide is where order counts.
    if (!isByRule({ ...packet, ...STRANGER, sourcePort }) && random.chance(0.8)) continue;
    flows.add([packet.protocol, packet.source, sourcePort, packet.destination, packet.port].join(' '));
    probes.push({ ...packet, sourcePort });
  }
  return probes;
}

type Gateway = { readonly target: 'nftables-gateway' | 'iptables-gateway'; readonly sayable: (policy: Policy) => Policy; readonly load: (files: readonly { suffix: string; text: string }[]) => void };

/** Each as its own header says how to load it. */
const GATEWAYS: readonly Gateway[] = [
  { target: 'nftables-gateway', sayable: (policy) => policy, load: ([file]) => void oracle.onRouter(['nft', '-f', '-'], file?.text ?? '') },
  {
    target: 'iptables-gateway',
    sayable: (policy) => ({ ...policy, rules: policy.rules.filter(({ schedule }) => schedule === null) }),
    load: (files) => {
      const folder = mkdtempSync(join(tmpdir(), 'firebreak-iptables-'));
      for (const { suffix, text } of files) {
        const program = suffix === '.v4' ? 'iptables' : 'ip6tables';
        const path = join(folder, `rules${suffix}`);
        writeFileSync(path, text);
        oracle.onRouter([`${program}-restore`, '--noflush', path]);
        oracle.onRouter([program, '-I', 'FORWARD', '1', '-j', 'FBGW-FORWARD']);
      }
      rmSync(folder, { recursive: true });
    },
  },
];

const inAnHour = toInstant(Date.now() + 3_600_000);
const rememberUdp = (seconds: number) => oracle.onRouter(['sh', '-c', `echo ${seconds} > /proc/sys/net/netfilter/nf_conntrack_udp_timeout`]);
const udp = (source: string, sourcePort: number, destination: string, port: number): Packet => ({ source, sourcePort, destination, port, protocol: 'udp' });

describe.each(GATEWAYS)('$target', ({ target, sayable, load }) => {
  test('a deny rule leaves live connections alone; a quarantine and a closed service cut them, but not what the host itself began', async () => {
    const hosts = [aHost({ n: 1, labels: 'app=shop,role=db', managed: false }), aHost({ n: 2, labels: 'role=web' })];
    const base = aPolicy({ zones: [aZone()], rules: [aRule({ services: 'udp/5000' })] });
    const loadPolicy = (more: Partial<Policy>) => {
      const made = toExport({ ...base, ...more }, hosts, { chosen: new Set([hostId(1)]), nowMs: Date.now(), abilities: EXPORT_TARGETS[target].abilities });
      expect(made.refusals).toEqual([]);
      oracle.reload(() => load(EXPORT_TARGETS[target].print({ ...made, stamp: STAMP })));
    };
    const [into, back] = [udp('10.0.0.2', 40_000, '10.0.0.1', 5000), udp('10.0.0.1', 5000, '10.0.0.2', 40_000)];
    const [own, answer] = [udp('10.0.0.1', 5000, '10.0.0.2', 7000), udp('10.0.0.2', 7000, '10.0.0.1', 5000)];
    const another = udp('10.0.0.2', 40_001, '10.0.0.1', 5000);
    loadPolicy({});
    // Longer than this test takes; the oracle forgets within a second otherwise.
    rememberUdp(60);
    expect(await oracle.passed([into, own])).toEqual(new Set([0, 1]));
    expect(await oracle.passed([back, answer], true)).toEqual(new Set([0, 1]));
    loadPolicy({ rules: [...base.rules, aRule({ n: 2, action: 'deny', services: 'udp/5000' })] });
    expect(await oracle.passed([into, back, answer, another], true)).toEqual(new Set([0, 1, 2]));
    loadPolicy({ containments: [aClosure({ services: 'udp/5000', endsAt: inAnHour })] });
    expect(await oracle.passed([into, another, answer, own], true)).toEqual(new Set([2, 3]));
    loadPolicy({ containments: [aQuarantine({ endsAt: inAnHour })] });
    expect(await oracle.passed([into, back, answer, own, another], true)).toEqual(new Set());
    rememberUdp(1);
  });

  test(`simulator and router agree on ${POLICIES} random policies × ${PROBES} probes, seed ${SEED}`, async () => {
    const disagreements: unknown[] = [];
    const count = { probes: 0, refused: 0, hosts: 0, rules: 0 };
    let tried = 0;
    for (let seed = SEED; tried < POLICIES; seed += 1) {
      const random = createRandom(seed);
      const { policy: arbitrary, hosts } = arbitraryPolicy(seed);
      const policy = sayable(arbitrary);
      const chosen = new Set(hosts.filter(() => random.chance(0.6)).map(({ id }) => id));
      const behind = hosts.map((host) => ({ ...host, managed: chosen.has(host.id) }));
      const made = toExport(policy, hosts, { chosen, nowMs: TODAY.nowMs, abilities: EXPORT_TARGETS[target].abilities });
      if (made.groups.length === 0) continue;
      tried += 1;
      count.hosts += made.groups.reduce((sum, group) => sum + group.hosts.length, 0);
      const simulator = createSimulator(policy, behind, TODAY);
      const edges = edgesOf(policy, hosts);
      const isByRule = (packet: Packet) => simulator.decideConnection(packet).steps.some(({ decision }) => decision.reason === 'rule');
      oracle.reload(() => load(EXPORT_TARGETS[target].print({ ...made, stamp: STAMP })));
      for (const family of [4, 6] as const) {
        const probes = pickProbes(random, edges, behind.filter(({ managed }) => managed), { family, isByRule });
        if (probes.length === 0) continue;
        const decideAt = (packet: Packet, atMs: number) => simulator.decideConnection({ ...packet, ...STRANGER, atMs });
        const sentAtMs = Date.now();
        const passed = await oracle.passed(probes);
        const answeredAtMs = Date.now();
        probes.forEach((packet, index) => {
          const decision = decideAt(packet, sentAtMs);
          // A window that opened or closed meanwhile: which of the two the packet met is not known.
          if (decideAt(packet, answeredAtMs).verdict !== decision.verdict) return;
          count.probes += 1;
          if (decision.verdict === 'blocked') count.refused += 1;
          if (decision.by !== null && decision.by !== 'essential') count.rules += 1;
          if (passed.has(index) !== (decision.verdict !== 'blocked')) disagreements.push({ seed, packet, passed: passed.has(index), verdict: decision.verdict, by: decision.by, steps: decision.steps.map((step) => `${step.host.name} ${step.direction} ${step.decision.reason}`) });
        });
      }
      if (disagreements.length > 20) break;
    }
    console.log(`${target}, seed ${SEED}: ${count.probes} routed probes to and from ${count.hosts} hosts, ${count.refused} refused, ${count.rules} decided by a rule or containment, ${disagreements.length} disagreements`);
    expect(disagreements.slice(0, 5)).toEqual([]);
    expect(count.refused).toBeGreaterThan(count.probes / 20);
    expect(count.probes - count.refused).toBeGreaterThan(count.probes / 20);
    expect(count.rules).toBeGreaterThan(count.probes / 20);
  });
});
