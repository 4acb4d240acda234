import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import type { Decision, Packet } from '../../shared/policy/simulate.ts';
import { arbitraryPacket, type Edges } from '../../shared/policy/testing/arbitrary-packet.ts';
import type { Random } from '../../shared/policy/testing/random.ts';
import type { KernelOracle } from './oracle.ts';
import { randomSubjects } from './random-subjects.ts';

/** What puts a host's rules into the kernel, and says what the kernel counted as refused (or would be): `in|out peer protocol port`. */
export type HostBackend = {
  /** What of a policy it has words for. */
  readonly sayable: (policy: Policy, hosts: readonly FleetHost[]) => Policy;
  readonly load: (oracle: KernelOracle, about: { readonly policy: Policy; readonly hosts: readonly FleetHost[]; readonly ruleset: HostRuleset }) => void;
  readonly refused: (oracle: KernelOracle) => Set<string>;
};

/** Outbound probes are sent by root, and no unit of the random policies is there to send or to listen. */
const ROOT = { user: 'root', group: 'root', unit: 'none.service', listener: 'none.service' } as const;
const DIRECTIONS = ['in', 'out'] as const;


export type Comparison = { readonly disagreements: readonly unknown[]; readonly probes: number; readonly allowed: number; readonly refused: number; readonly keys: number };

/** Sends half of the probes to one host of each random policy and half from it, and holds what passed against the simulator. Stops at 20 disagreements. */
export async function compareOnHost(oracle: KernelOracle, backend: HostBackend, { seed: SEED, policies: POLICIES, probes: PROBES }: { readonly seed: number; readonly policies: number; readonly probes: number }): Promise<Comparison> {
  const disagreements: Disagreement[] = [];
  const count = { probes: 0, allowed: 0, refused: 0, keys: 0 };
  for (const { seed, random, policy, hosts, ruleset, host, edges, simulator } of randomSubjects(SEED, POLICIES, backend.sayable)) {
    backend.load(oracle, { policy, hosts, ruleset });
    const expectedKeys = new Set<string>();
    const turned = new Set<string>();
    for (const direction of DIRECTIONS) {
      const all = pickProbes(random, edges, { host, direction, amount: PROBES / 2 });
      for (const probes of [all.filter((p) => p.source.includes(':')), all.filter((p) => !p.source.includes(':'))]) {
        if (probes.length === 0) continue;
        const decideAt = (packet: Packet, atMs: number) => simulator[direction === 'in' ? 'decideInbound' : 'decideOutbound'](host.id, { ...packet, atMs, ...ROOT });
        const sentAtMs = Date.now();
        const passed = await oracle[direction === 'in' ? 'inbound' : 'outbound'](probes);
        const answeredAtMs = Date.now();
        for (const [index, packet] of probes.entries()) {
          const decision = decideAt(packet, sentAtMs);
          // A window that opened or closed meanwhile: which of the two the packet met is not known.
          if (decideAt(packet, answeredAtMs).verdict !== decision.verdict) {
            turned.add(keyOf(direction, packet));
            continue;
          }
          const kernel = passed.has(index) ? 'passed' : 'refused';
          count.probes += 1;
          count[decision.verdict === 'blocked' ? 'refused' : 'allowed'] += 1;
          if ((kernel === 'passed') !== (decision.verdict !== 'blocked')) disagreements.push({ seed, host: host.name, direction, packet, kernel, simulator: decision });
          if (decision.verdict !== 'allowed') expectedKeys.add(keyOf(direction, packet));
        }
      }
    }
    const refused = backend.refused(oracle);
    count.keys += expectedKeys.size;
    for (const key of expectedKeys.symmetricDifference(refused).difference(turned)) disagreements.push({ seed, host: host.name, direction: key, packet: { source: '', destination: '', protocol: 'other', port: null, sourcePort: null }, kernel: refused.has(key) ? 'counted as refused' : 'not counted', simulator: { verdict: 'allowed', atBest: 'allowed', judged: true, by: null, reason: 'default' } });
    if (disagreements.length > 20) break;
  }
  return { disagreements, ...count };
}

type Disagreement = { seed: number; host: string; direction: string; packet: Packet; kernel: string; simulator: Decision };

/** What the namespaces can send and own: 10.0.0.0/8 and fd00::/16, no SCTP. */
const isProbe = (packet: Packet) => packet.protocol !== 'sctp' && [packet.source, packet.destination].every((text) => /^(10\.|fd00:)/.test(text));

function pickProbes(random: Random, edges: Edges, { host, direction, amount }: { readonly host: FleetHost; readonly direction: 'in' | 'out'; readonly amount: number }): Packet[] {
  const probes: Packet[] = [];
  const own = new Set(host.addresses.map((text) => printAddress(getAddress(text))));
  for (let tries = 0; probes.length < amount && tries < amount * 40; tries += 1) {
    const local = host.addresses[random.integer(host.addresses.length)];
    if (local === undefined) return [];
    const packet = arbitraryPacket(random, edges, { direction, local });
    const peer = direction === 'in' ? packet.source : packet.destination;
    if (isProbe(packet) && !own.has(peer)) probes.push({ ...packet, sourcePort: packet.sourcePort ?? 40_000 });
  }
  // One family after the other: the sentinel behind each batch has to take the same way as its probes.
  return probes;
}

/** As the miss sets have it: no source port, and 0 for what has no ports. */
function keyOf(direction: 'in' | 'out', packet: Packet): string {
  const peer = printAddress(getAddress(direction === 'in' ? packet.source : packet.destination));
  const hasPort = packet.protocol === 'tcp' || packet.protocol === 'udp';
  return `${direction} ${peer} ${packet.protocol} ${hasPort ? packet.port : 0}`;
}
