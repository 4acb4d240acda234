import type { FleetHost } from '../model/host.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, PolicyTest, Rule } from '../model/policy.ts';
import { type Family, getAddress, printAddress } from '../net/address.ts';
import { listWindows, printUtc } from '../time/schedule-windows.ts';
import { describeTest } from './describe.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { samplesOf } from './sample-services.ts';
import { expandServices } from './service-match.ts';
import { createSimulator, type Packet } from './simulate.ts';

export type PolicyTestsResult = { readonly ran: number; readonly broken: readonly string[] };

/**
 * Runs the policy's own tests for every pair of addresses of the two ends and for the first and last port of every range. Zones are judged as
 * if they all enforced: a test says what the rules mean, and must not break because a zone is still observed. Hosts in no zone stay open.
 * A test that covers no pair is broken: it would hold however wrong the policy is. With schedules it must hold at every time of the coming week.
 */
export function runPolicyTests(policy: Policy, hosts: readonly FleetHost[], options: { readonly nowMs: number }): PolicyTestsResult {
  if (policy.tests.length === 0) return { ran: 0, broken: [] };
  const resolver = createResolver(policy, hosts);
  const { decideConnection } = createSimulator(policy, hosts, { ...options, assume: 'zones-enforced' });
  const times = listTurningPoints(policy.rules, options.nowMs);
  const broken = policy.tests.flatMap((test) => {
    const pairs = listPackets(test, policy, hosts, resolver);
    const packets = times.flatMap((atMs) => pairs.map((packet) => ({ ...packet, atMs })));
    if (packets.length === 0) return [`${describeTest(test)}: it covers no pair of addresses, so nothing was tested`];
    const wrong = packets.filter((packet) => {
      const { verdict, atBest } = decideConnection(packet);
      return (verdict === 'allowed') !== (test.expect === 'allow') || verdict !== atBest;
    });
    const [first] = wrong;
    if (!first) return [];
    const { by, verdict, atBest } = decideConnection(first);
    if (verdict !== atBest) return [`${describeTest(test)}: it depends on the user, group or unit between ${nameOf(first.source, hosts)} and ${nameOf(first.destination, hosts)}, so it does not hold for everyone`];
    const because =
      by === null ? (test.expect === 'allow' ? 'no rule allows it' : 'nothing blocks it') : by === 'essential' ? 'by the essential block' : `by rule ${by}`;
    return [
      `${describeTest(test)}: ${nameOf(first.source, hosts)} ${test.expect === 'allow' ? 'is blocked from' : 'reaches'} ${nameOf(first.destination, hosts)} on ${serviceOf(first)}${times.length > 1 ? ` at ${printUtc(first.atMs)} UTC` : ''} ${because}${wrong.length > 1 ? ` (and ${wrong.length - 1} more of ${packets.length})` : ''}`,
    ];
  });
  return { ran: policy.tests.length, broken };
}

/** Now, and whenever in the coming week a rule begins or ceases to hold: in between nothing changes. */
function listTurningPoints(rules: readonly Rule[], nowMs: number): number[] {
  const week = { fromMs: nowMs, toMs: nowMs + 7 * 86_400_000 };
  const windows = rules.flatMap((rule) => (rule.schedule ? listWindows(rule.schedule, week) : []));
  const turns = windows.flatMap(({ fromMs, toMs }) => [fromMs, toMs]).filter((atMs) => week.fromMs < atMs && atMs < week.toMs);
  return [...new Set([nowMs, ...turns])].sort((a, b) => a - b);
}

function listPackets(test: PolicyTest, policy: Policy, hosts: readonly FleetHost[], resolver: Resolver): Packet[] {
  const services = samplesOf(expandServices([test.service], policy.services));
  const sources = addressesOf(test.from, hosts, resolver);
  const destinations = addressesOf(test.to, hosts, resolver);
  return sources.flatMap((source) =>
    destinations
      .filter((destination) => destination.family === source.family && destination.text !== source.text)
      .flatMap((destination) =>
        services
          .filter((service) => service.family === undefined || service.family === source.family)
          .map(({ protocol, port }): Packet => ({ source: source.text, destination: destination.text, protocol, port, sourcePort: null })),
      ),
  );
}

/** Known addresses of the end; for networks the hosts inside them and the first and last address of each, for `any` every host and a stranger of each family. */
function addressesOf(peer: Peer, hosts: readonly FleetHost[], resolver: Resolver): { text: string; family: Family }[] {
  const { match, covers } = resolver.resolvePeer(peer);
  if (match.kind === 'none') return [];
  if (match.kind === 'any') return unique([...hosts.flatMap((host) => host.addresses), '192.0.2.1', '2001:db8::1']);
  const ends = match.ranges.flatMap(({ family, first, last }) => [printAddress({ family, value: first }), printAddress({ family, value: last })]);
  const inside = hosts.flatMap((host) => host.addresses.filter((address) => isInside(getAddress(address))));
  return unique(covers.kind === 'addresses' ? [...inside, ...ends] : inside);

  function isInside(address: ReturnType<typeof getAddress>): boolean {
    return match.kind === 'in' && match.ranges.some((range) => range.family === address.family && range.first <= address.value && address.value <= range.last);
  }
}

const unique = (texts: readonly string[]) => [...new Set(texts)].map((text) => ({ text, family: getAddress(text).family }));

function nameOf(address: string, hosts: readonly FleetHost[]): string {
  const host = hosts.find((candidate) => candidate.addresses.includes(address));
  return host ? `${host.name} (${address})` : address;
}

const serviceOf = (packet: Packet): string => (packet.port === null ? packet.protocol : `${packet.protocol}/${packet.port}`);
