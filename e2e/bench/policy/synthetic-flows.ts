import type { Flow } from '../../../shared/model/flow.ts';
import type { FleetHost } from '../../../shared/model/host.ts';
import { createRandom, type Random } from '../../../shared/seeded-random.ts';
import { WITHIN_APP } from './synthetic-policy.ts';
import { BENCH_NOW_MS, type SyntheticSite } from './synthetic-site.ts';

const MS_A_DAY = 86_400_000;
const PORTS: Readonly<Record<string, number>> = { web: 443, api: 8081, postgres: 5432, redis: 6379, queue: 5672 };
const SENDERS = [
  ['www-data', 'nginx.service'],
  ['app', 'app.service'],
  ['postgres', 'system-postgresql.slice'],
  ['root', 'system.slice'],
  ['deploy', 'user-1001.slice'],
  [null, null],
] as const;
const CLIENTS = 50_000;

type Talk = Pick<Flow, 'reporter' | 'reporterName' | 'direction' | 'peerAddress' | 'peerHost' | 'peerName' | 'protocol' | 'port'>;
type Members = { readonly hosts: readonly FleetHost[]; readonly byRole: ReadonlyMap<string, readonly FleetHost[]>; readonly monitors: readonly FleetHost[] };

/**
 * `total` aggregates in parts of at most `partSize`, made one part after the other, so that ten million need the memory of one part, and are judged while they are new, as rows that come from a database are. Pure: the same
 * seed gives the same flows, however they are cut. Seven in ten are within an application, the others come from monitoring, from strangers on the internet, or are odd.
 */
export function* syntheticFlows(site: SyntheticSite, seed: number, total: number, partSize = 5000): Generator<Flow[], void, void> {
  const random = createRandom(seed);
  const managed = site.hosts.filter((host) => host.managed);
  const members: Members = {
    hosts: managed,
    byRole: Map.groupBy(site.hosts, (host) => `${host.labels.app} ${host.labels.role} ${host.labels.env}`),
    monitors: site.hosts.filter((host) => host.labels.role === 'monitor'),
  };
  for (let made = 0; made < total; made += partSize) {
    yield Array.from({ length: Math.min(partSize, total - made) }, (_, i) => syntheticFlow(random, members, made + i + 1));
  }
}

function syntheticFlow(random: Random, members: Members, id: number): Flow {
  const talk = syntheticTalk(random, members);
  const [user, unit] = SENDERS[random.below(SENDERS.length)] ?? [null, null];
  const lastSeenAtMs = BENCH_NOW_MS - random.below(30 * MS_A_DAY);
  const verdict = random.chance(0.9) ? 'accepted' : random.chance(0.5) ? 'would-block' : 'blocked';
  const process = { process: null, processConfidence: 'unknown', zone: null, policyVersion: null } as const;
  return { id, ...talk, user, unit, ...process, verdict, connections: 1 + random.below(1000), firstSeenAtMs: lastSeenAtMs - random.below(MS_A_DAY), lastSeenAtMs };
}

function syntheticTalk(random: Random, members: Members): Talk {
  const { hosts, byRole, monitors } = members;
  const host = pick(random, hosts);
  const chosen = random.below(100);
  if (chosen < 70) {
    const { app, role, env } = host.labels;
    const [from, to, service] = WITHIN_APP.find(([one, other]) => one === role || other === role) ?? WITHIN_APP[0];
    const isConsumer = from === role;
    const peers = byRole.get(`${app} ${isConsumer ? to : from} ${env}`) ?? hosts;
    return talkOf(random, host, isConsumer ? 'out' : 'in', pick(random, peers), 'tcp', PORTS[service] ?? 443);
  }
  if (chosen < 80) return talkOf(random, host, 'in', pick(random, monitors), 'tcp', 9100);
  if (chosen < 92) return strange(host, 'in', `${100 + random.below(2)}.${random.below(CLIENTS) >> 8}.${random.below(256)}.7`, 'tcp', 443);
  if (chosen < 94) return strange(host, 'out', '10.0.0.0', 'udp', 53);
  if (chosen < 96) return strange(host, 'in', `2001:db8:${random.below(65_536).toString(16)}::7`, 'tcp', 443);
  if (chosen < 97) return strange(host, 'in', `10.${210 + random.below(9)}.0.9`, 'icmp', 0);
  return talkOf(random, host, random.chance(0.5) ? 'in' : 'out', pick(random, hosts), 'tcp', 1024 + random.below(20_000));
}

/** By the peer's IPv6 address only where both ends have one. */
function talkOf(random: Random, host: FleetHost, direction: 'in' | 'out', peer: FleetHost, protocol: string, port: number): Talk {
  const hasBoth = host.addresses.length > 1 && peer.addresses.length > 1;
  const address = peer.addresses[hasBoth && random.chance(0.3) ? 1 : 0] ?? '10.255.255.255';
  return { reporter: host.id, reporterName: host.name, direction, peerAddress: address, peerHost: peer.id, peerName: peer.name, protocol, port };
}

const strange = (host: FleetHost, direction: 'in' | 'out', peerAddress: string, protocol: string, port: number): Talk => ({
  reporter: host.id, reporterName: host.name, direction, peerAddress, peerHost: null, peerName: peerAddress, protocol, port,
});

function pick(random: Random, hosts: readonly FleetHost[]): FleetHost {
  const host = hosts[random.below(hosts.length)];
  if (!host) throw new Error('a site without hosts has no flows');
  return host;
}
