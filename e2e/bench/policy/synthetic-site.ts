import type { FleetHost } from '../../../shared/model/host.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import { aHost } from '../../../shared/policy/testing/builders.ts';
import { createRandom, type Random } from '../../../shared/seeded-random.ts';
import { syntheticPolicy } from './synthetic-policy.ts';

/** `hostsAnApp` is 40 unless told. */
export type SiteSize = { readonly hosts: number; readonly rules: number; readonly hostsAnApp?: number };
/** `apps` are the names that applications have; a host's labels say the rest. */
export type SyntheticSite = { readonly apps: readonly string[]; readonly hosts: readonly FleetHost[]; readonly policy: Policy };

/** All that is judged or compiled happens then. */
export const BENCH_NOW_MS = Date.UTC(2026, 5, 15, 12);

export const LOCATIONS = ['fra', 'ams', 'lon', 'nyc'] as const;
export const INFRA_ROLES = ['dns', 'monitor', 'backup', 'directory', 'bastion', 'ci'] as const;
const HOSTS_AN_APP = 40;
/** Who is who within an application, again and again: two balancers in ten, and so on. */
const ROLES = ['lb', 'web', 'web', 'app', 'app', 'app', 'db', 'db', 'cache', 'worker'] as const;
const ENVS = ['prod', 'prod', 'prod', 'prod', 'staging', 'staging', 'dev'] as const;

/** Pure: the same seed and size give the same site. One host in fifty is infrastructure, the rest belongs to applications. */
export function syntheticSite(seed: number, { hosts: count, rules, hostsAnApp = HOSTS_AN_APP }: SiteSize): SyntheticSite {
  const random = createRandom(seed);
  const apps = Array.from({ length: Math.max(2, Math.round(count / hostsAnApp)) }, (_, i) => `app${i + 1}`);
  const infraCount = Math.max(INFRA_ROLES.length, Math.round(count / 50));
  const hosts = Array.from({ length: count }, (_, i) => (i < infraCount ? infraHost(random, i) : appHost(random, apps, i, infraCount)));
  return { apps, hosts, policy: syntheticPolicy(random, { apps, hosts, rules }) };
}

function infraHost(random: Random, i: number): FleetHost {
  const role = INFRA_ROLES[i % INFRA_ROLES.length] ?? 'dns';
  return makeHost(random, i, { app: 'infra', role, env: 'prod' });
}

function appHost(random: Random, apps: readonly string[], i: number, first: number): FleetHost {
  const turn = Math.floor((i - first) / apps.length);
  const role = ROLES[turn % ROLES.length] ?? 'web';
  const env = ENVS[Math.floor(turn / ROLES.length + (i % 3)) % ENVS.length] ?? 'prod';
  return makeHost(random, i, { app: apps[(i - first) % apps.length] ?? 'app1', role, env });
}

/** Neighbours in number are seldom neighbours in address, as in real networks; half of the hosts have IPv6 as well, one in forty no agent. */
function makeHost(random: Random, i: number, labels: { app: string; role: string; env: string }): FleetHost {
  const place = (i * 7919) % 1_000_003;
  const loc = LOCATIONS[random.below(LOCATIONS.length)] ?? 'fra';
  const v4 = `10.${(place >> 16) & 255}.${(place >> 8) & 255}.${place & 255}`;
  return aHost({
    n: i + 1,
    name: `${labels.app}-${labels.role}-${i + 1}`,
    labels: Object.entries({ ...labels, loc })
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    addresses: random.chance(0.5) ? [v4, `fd00:${(place >> 16).toString(16)}::${(place & 65_535).toString(16)}`] : [v4],
    managed: !random.chance(0.025),
    consoles: ['10.200.0.5', '10.200.0.6'],
    resolvers: ['10.0.0.0', '10.0.30.239'],
    timeServers: [`10.200.1.${random.below(4)}`],
  });
}
