import type { Flow } from '../../model/flow.ts';
import type { FleetHost } from '../../model/host.ts';
import type { Policy } from '../../model/policy.ts';
import type { SuggestOptions, SuggestWidth } from '../suggest-options.ts';
import { aFlow } from './a-flow.ts';
import { arbitraryPolicy } from './arbitrary-policy.ts';
import { createRandom, type Random } from './random.ts';

/** A random policy and fleet with random flows among its hosts and some strangers. */
export type ArbitrarySite = { readonly policy: Policy; readonly hosts: readonly FleetHost[]; readonly flows: readonly Flow[]; readonly options: SuggestOptions };

const NOW_MS = Date.UTC(2026, 0, 15);
const WIDTHS: readonly [SuggestWidth, ...SuggestWidth[]] = ['role', 'app', 'zone'];
const PORTS = [22, 53, 80, 123, 389, 514, 5432, 9100, 9187] as const;
const STRANGERS = ['203.0.113.5', '203.0.113.6', '203.0.113.7', '203.0.113.8', '2001:db8::5'] as const;

/** Every host has addresses of its own: one that two hosts have stands for neither of them when flows are read. */
export function arbitrarySite(seed: number): ArbitrarySite {
  const random = createRandom(seed);
  const { policy, hosts: made } = arbitraryPolicy(seed);
  const hosts = made.map((host, i) => ({ ...host, addresses: host.addresses.map((address, j) => (address.includes(':') ? `fd00:1::${i + 1}:${j}` : `10.1.${j}.${i + 1}`)) }));
  const flows = random.many(0, 60, (i) => arbitraryFlow(random, hosts, i));
  return { policy, hosts, flows, options: { nowMs: NOW_MS, zone: null, maxWidth: random.pick(WIDTHS), wholeRoles: random.chance(0.3), keepScanners: random.chance(0.5) } };
}

function arbitraryFlow(random: Random, hosts: readonly FleetHost[], id: number): Flow {
  const addresses = hosts.flatMap((host) => host.addresses);
  const reporter = hosts[random.integer(hosts.length)];
  const peerAddress = random.chance(0.9) ? (addresses[random.integer(addresses.length)] ?? STRANGERS[0]) : random.pick(STRANGERS);
  return aFlow({
    id,
    ...(reporter ? { reporter: reporter.id, reporterName: reporter.name } : {}),
    direction: random.pick(['in', 'in', 'out', 'forward']),
    peerAddress,
    peerName: hosts.find((host) => host.addresses.includes(peerAddress))?.name ?? peerAddress,
    protocol: random.pick(['tcp', 'tcp', 'tcp', 'udp', 'icmp', 'gre']),
    port: random.pick(PORTS),
    unit: random.pick([null, 'a.service', 'b.service']),
    user: random.pick([null, 'root']),
    verdict: random.pick(['accepted', 'accepted', 'would-block', 'blocked']),
    connections: 1 + random.integer(20),
    lastSeenAtMs: NOW_MS - random.integer(1_000_000_000),
  });
}
