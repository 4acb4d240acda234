import type { FleetHost } from '../../../shared/model/host.ts';
import type { IpList, Policy, Rule, Zone } from '../../../shared/model/policy.ts';
import { aPolicy, anIpList, aRule, aService, aZone } from '../../../shared/policy/testing/builders.ts';
import type { Random } from '../../../shared/seeded-random.ts';

type Site = { readonly apps: readonly string[]; readonly hosts: readonly FleetHost[]; readonly rules: number };

const SERVICES = {
  web: 'tcp/80,tcp/443',
  api: 'tcp/8080-8089',
  postgres: 'tcp/5432',
  redis: 'tcp/6379',
  queue: 'tcp/5671-5672,tcp/15672',
  ssh: 'tcp/22',
  exporter: 'tcp/9100-9110',
  directory: 'tcp/88,udp/88,tcp/389,tcp/636,tcp/3268',
  backup: 'tcp/9102-9103',
  ransomware: 'tcp/135,tcp/139,tcp/445,tcp/3389,udp/137-138',
} as const;
const IP_LISTS = 20;
/** Who talks to whom within an application, and over what. */
export const WITHIN_APP = [
  ['lb', 'web', 'web'],
  ['web', 'app', 'api'],
  ['app', 'db', 'postgres'],
  ['app', 'cache', 'redis'],
  ['worker', 'db', 'postgres'],
  ['worker', 'cache', 'redis'],
  ['app', 'worker', 'queue'],
] as const;
const FROM_INFRA = [
  ['monitor', 'exporter'],
  ['backup', 'backup'],
  ['bastion', 'ssh'],
  ['ci', 'ssh'],
] as const;

/** A zone for production of each application, then staging, development and infrastructure; rules as a site has them after some years. */
export function syntheticPolicy(random: Random, site: Site): Policy {
  const services = Object.entries(SERVICES).map(([name, entries]) => aService(name, entries));
  const ipLists = Array.from({ length: IP_LISTS }, (_, i) => syntheticIpList(random, i));
  const zones = [
    ...site.apps.map((app) => syntheticZone(random, `${app}-prod`, `app=${app},env=prod`)),
    syntheticZone(random, 'staging', 'env=staging'),
    syntheticZone(random, 'dev', 'env=dev'),
    syntheticZone(random, 'infra', 'app=infra'),
  ];
  const rules = Array.from({ length: site.rules }, (_, i) => syntheticRule(random, i + 1, site));
  return aPolicy({ zones, rules, services, ipLists });
}

const oneOf = <const L extends readonly [unknown, ...unknown[]]>(random: Random, list: L): L[number] => list[random.below(list.length)] ?? list[0];

function syntheticZone(random: Random, name: string, select: string): Zone {
  const mode = oneOf(random, ['enforce', 'enforce', 'enforce', 'enforce', 'enforce', 'test', 'test', 'observe'] as const);
  return aZone({ name, select, mode, outbound: random.chance(0.4) ? 'restricted' : 'open', onlyServices: random.chance(0.05) ? 'ransomware,ssh' : null });
}

function syntheticIpList(random: Random, i: number): IpList {
  const length = 4 + random.below(i < 3 ? 400 : 40);
  const networks = Array.from({ length }, () => (random.chance(0.2) ? `2001:db8:${random.below(65_536).toString(16)}::/48` : `${20 + random.below(80)}.${random.below(256)}.${random.below(256)}.0/24`));
  return anIpList(`list${i + 1}`, [...new Set(networks)], random.chance(0.3) ? ['20.0.0.0/16'] : []);
}

type Ends = { from: string; to: string; services: string; action?: 'deny' };

function syntheticRule(random: Random, n: number, site: Site): Rule {
  const ends = syntheticEnds(random, site);
  const schedule = random.chance(0.02) ? oneOf(random, ['Mon-Fri 07:00-19:00 Europe/Berlin', 'Sat,Sun 22:00-04:00 UTC', 'daily 01:00-05:00 America/New_York'] as const) : null;
  const as = ends.action !== 'deny' && random.chance(0.02) ? oneOf(random, ['user:postgres', 'user:deploy', 'unit:borgmatic.service'] as const) : null;
  return aRule({ n, ...ends, schedule, as, owner: 'platform', reason: `rule ${n} of a site that grew`, expiresOn: random.chance(0.02) ? '2027-01-31' : null });
}

/** Most rules are narrow; about one in a hundred means half of the fleet. */
function syntheticEnds(random: Random, { apps, hosts }: Site): Ends {
  const app = () => apps[random.below(apps.length)] ?? 'app1';
  const env = () => oneOf(random, ['prod', 'prod', 'staging', 'dev'] as const);
  const chosen = random.below(100);
  if (chosen < 62) {
    const [at, [from, to, services]] = [app(), oneOf(random, WITHIN_APP)];
    const where = random.chance(0.6) ? `,env=${env()}` : '';
    return { from: `app=${at},role=${from}${where}`, to: `app=${at},role=${to}${where}`, services };
  }
  if (chosen < 76) {
    const where = env();
    return { from: `app=${app()},env=${where}`, to: `app=${app()},role=${oneOf(random, ['app', 'web', 'cache'] as const)},env=${where}`, services: oneOf(random, ['api', 'web,tcp/8443', 'redis'] as const) };
  }
  if (chosen < 86) {
    const [role, services] = oneOf(random, FROM_INFRA);
    return { from: `app=infra,role=${role}`, to: random.chance(0.15) ? `env=${env()}` : `app=${app()}`, services };
  }
  if (chosen < 93) return { from: `iplist:list${1 + random.below(IP_LISTS)}`, to: `app=${app()},role=lb`, services: 'web' };
  if (chosen < 96) return { from: `10.${200 + random.below(20)}.0.0/16, fd00:c8::/32`, to: `app=${app()},role=web|lb`, services: 'tcp/443,icmp/13' };
  if (chosen < 99) return { from: `host:${hosts[random.below(hosts.length)]?.name ?? 'gone'}`, to: `app=${app()},role=db,env!=dev`, services: `tcp/${20_000 + random.below(1000)}` };
  return random.chance(0.5) ? { action: 'deny', from: 'env=dev', to: 'env=prod ! app=infra', services: 'ransomware' } : { action: 'deny', from: `iplist:list${1 + random.below(IP_LISTS)}`, to: `app=${app()}`, services: 'any' };
}
