import { type Containment, toInstant } from '../../model/containment.ts';
import type { FleetHost } from '../../model/host.ts';
import type { Policy, Rule, Zone, ZoneMode } from '../../model/policy.ts';
import { createRandom, type Random } from './random.ts';
import { aClosure, aHost, anIpList, aPolicy, aQuarantine, aRule, aService, aZone } from './builders.ts';

/**
 * Random policies and fleets for the oracles: everything inside 10.0.0.0/8 and fd00::/16, dense enough that addresses, ports and networks meet at
 * their edges. Has hosts without addresses and of one family, selectors that match nobody, exclusions that empty a list, ranges, overlapping
 * networks, tcp and udp under one name, ICMP, and deny above allow.
 */
export type ArbitraryPolicy = { readonly seed: number; readonly policy: Policy; readonly hosts: readonly FleetHost[] };

export type ArbitraryOptions = {
  /** The mode of every zone; random when left out. */
  readonly mode?: ZoneMode;
  readonly outbound?: Zone['outbound'];
};

export function arbitraryPolicy(seed: number, options: ArbitraryOptions = {}): ArbitraryPolicy {
  const random = createRandom(seed);
  const hosts = random.many(2, 12, (i) => arbitraryHost(random, i + 1));
  const ipLists = random.many(1, 3, (i) => arbitraryIpList(random, `list${i}`));
  const services = [aService('dns', 'udp/53,tcp/53'), aService('web', 'tcp/80,tcp/443,tcp/8000-8010'), aService('odd', arbitraryEntries(random))];
  const zones = [
    aZone({ name: 'z0', select: random.pick(['app=a', 'role=r0', 'app=a,role=r1|r2', 'env!=p']), ...arbitraryMode(random, options) }),
    aZone({ name: 'z1', select: random.pick(['app=b', 'role=r1', 'app!=c']), ...arbitraryMode(random, options) }),
    aZone({ name: 'rest', select: 'nobody!=x', ...arbitraryMode(random, options) }),
  ];
  const rules = random.many(0, 14, (i) => arbitraryRule(random, i + 1, hosts));
  const containments = random.chance(0.3) ? random.many(1, 3, (i) => arbitraryContainment(random, i + 1, hosts)) : [];
  return { seed, policy: aPolicy({ zones, rules, services, ipLists, containments }), hosts };
}

const arbitraryMode = (random: Random, options: ArbitraryOptions): { mode: ZoneMode; outbound: Zone['outbound']; onlyServices: string | null } => ({
  mode: options.mode ?? random.pick(['enforce', 'enforce', 'enforce', 'test', 'observe']),
  outbound: options.outbound ?? random.pick(['open', 'restricted']),
  onlyServices: random.chance(0.2) ? arbitraryServices(random) : null,
});

function arbitraryHost(random: Random, n: number): FleetHost {
  const v4 = () => `10.${random.integer(2)}.0.${random.integer(16)}`;
  const v6 = () => `fd00:${random.integer(2)}::${random.integer(16).toString(16)}`;
  const addresses = random.pick([[v4], [v4], [v4, v6], [v4, v6], [v6], [v4, v4], [v4, v4, v6, v6], []]).map((make) => make());
  const keys = (['app', 'role', 'env'] as const).filter(() => random.chance(0.85));
  const values = { app: ['a', 'b', 'c'], role: ['r0', 'r1', 'r2'], env: ['p', 'q', 'q'] } as const;
  return aHost({
    n,
    labels: keys.map((key) => `${key}=${random.pick(values[key])}`).join(','),
    addresses: [...new Set(addresses)],
    managed: random.chance(0.8),
    consoles: random.chance(0.8) ? ['10.1.0.9', 'fd00:1::9'] : ['10.0.0.9'],
    sshPort: random.pick([22, 22, 2222]),
    resolvers: random.chance(0.5) ? ['10.0.0.3', 'fd00::3'] : [],
    timeServers: random.chance(0.5) ? ['10.0.0.3', '10.1.0.4'] : [],
  });
}

/** A network around the addresses that hosts have: lengths from one address to everything. */
function arbitraryCidr(random: Random): string {
  if (random.chance(0.35)) {
    const length = random.pick([128, 128, 127, 126, 124, 64, 32, 16, 0]);
    if (length === 0) return '::/0';
    const site = random.integer(2);
    if (length <= 32) return length === 16 ? 'fd00::/16' : `fd00:${site}::/32`;
    return `fd00:${site}::${(length === 64 ? 0 : alignDown(random.integer(16), 128 - length)).toString(16)}/${length}`;
  }
  const length = random.pick([32, 32, 31, 30, 28, 24, 15, 8, 0]);
  if (length === 0) return '0.0.0.0/0';
  if (length <= 15) return length === 8 ? '10.0.0.0/8' : '10.0.0.0/15';
  return `10.${random.integer(2)}.0.${length === 24 ? 0 : alignDown(random.integer(16), 32 - length)}/${length}`;
}

const alignDown = (value: number, bits: number): number => value - (value % 2 ** bits);

function arbitraryIpList(random: Random, name: string) {
  const cidrs = random.many(1, 4, () => arbitraryCidr(random));
  const except = random.chance(0.15) ? cidrs : random.many(0, 3, () => arbitraryCidr(random));
  return anIpList(name, cidrs, except);
}

const PORTS = [22, 53, 79, 80, 81, 443, 2222, 5431, 5432, 5433, 8000, 8010, 65534, 65535] as const;

type Choices = readonly [() => string, ...(() => string)[]];

function arbitraryEntry(random: Random): string {
  const port = (): number => random.pick(PORTS);
  const range = (): string => {
    const [a, b] = [port(), port()];
    return a <= b ? `${a}-${b}` : `${b}-${a}`;
  };
  const fixed = ['tcp', 'udp', 'icmp', 'icmpv6', 'icmp/13', 'icmp/13+17', 'icmpv6/139', 'tcp/0-79', 'udp/81-65535'] as const;
  const kinds: Choices = [() => `tcp/${port()}`, () => `udp/${port()}`, () => `tcp/${range()}`, () => `udp/${range()}`, () => random.pick(fixed)];
  return random.pick(kinds)();
}

const arbitraryEntries = (random: Random): string => random.many(1, 4, () => arbitraryEntry(random)).join(',');

function arbitraryServices(random: Random): string {
  if (random.chance(0.12)) return 'any';
  return random.many(1, 3, () => (random.chance(0.35) ? random.pick(['dns', 'web', 'odd']) : arbitraryEntry(random))).join(',');
}

const SELECTORS = [
  'app=a',
  'app=b',
  'app=a|b,role=r1',
  'role=r0',
  'role=r0 + role=r1',
  'app=a ! role=r0',
  'env!=p',
  'app=a,env=q ! role=r1 ! role=r2',
  'app=nobody',
  'role=r2 ! role=r2',
] as const;

function arbitraryPeer(random: Random, hosts: readonly FleetHost[]): string {
  const kinds: Choices = [
    () => random.pick(SELECTORS),
    () => random.pick(SELECTORS),
    () => random.pick(SELECTORS),
    () => `zone:${random.pick(['z0', 'z1', 'rest'])}`,
    () => `host:${hosts[random.integer(hosts.length)]?.name ?? 'gone'}`,
    () => random.pick(['host:gone', 'iplist:list0']),
    () => 'iplist:list0',
    () => random.many(1, 3, () => arbitraryCidr(random)).join(','),
    () => random.many(1, 3, () => arbitraryCidr(random)).join(','),
    () => 'any',
  ];
  return random.pick(kinds)();
}

const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Auckland', 'America/Sao_Paulo'] as const;

/** Windows near every hour, also over midnight and on the days that another time zone calls by another name. */
export function arbitrarySchedule(random: Random): string {
  const time = () => `${String(random.integer(24)).padStart(2, '0')}:${random.pick(['00', '30', '59'])}`;
  const days = () => random.pick(['Mon-Fri', 'Sat,Sun', 'daily', 'Sun', 'Fri-Mon', 'Wed']);
  const windows = random.many(1, 3, () => `${days()} ${random.pick([() => '00:00-24:00', () => `${time()}-24:00`, () => between(time(), time())])()}`);
  return `${windows.join('; ')} ${random.pick(ZONES)}`;
}

const between = (from: string, to: string): string => `${from}-${from === to ? '24:00' : to}`;

/** In force or long over, so that no test has to ask what time it is. */
function arbitraryContainment(random: Random, n: number, hosts: readonly FleetHost[]): Containment {
  const hostName = () => hosts[random.integer(hosts.length)]?.name ?? 'gone';
  const endsAt = random.chance(0.8) ? random.pick(['2035-01-01T00:00:00Z', '2036-06-01T12:30:01Z']) : '2020-01-01T00:00:00Z';
  const startsAt = toInstant(Date.parse(endsAt) - 86_400_000);
  if (random.chance(0.5)) return aQuarantine({ n, host: random.chance(0.9) ? hostName() : 'gone', startsAt, endsAt });
  const except = random.many(0, 4, () => `${random.pick([() => `host:${hostName()}`, () => arbitraryCidr(random)])()} to ${hostName()}`);
  return aClosure({ n, zone: random.pick(['z0', 'z1', 'rest']), services: arbitraryServices(random), except, startsAt, endsAt });
}

const arbitraryRule = (random: Random, n: number, hosts: readonly FleetHost[]): Rule =>
  aRule({
    n,
    action: random.chance(0.3) ? 'deny' : 'allow',
    from: arbitraryPeer(random, hosts),
    to: arbitraryPeer(random, hosts),
    services: arbitraryServices(random),
    as: random.chance(0.25) ? random.pick(['user:root', 'user:root', 'user:nobody', 'group:root', 'group:daemon', 'user:no-such-user', 'unit:a.service', 'unit:gone.service']) : null,
    servedBy: random.chance(0.15) ? random.pick(['a.service', 'gone.service']) : null,
    schedule: random.chance(0.2) ? arbitrarySchedule(random) : null,
    expiresOn: random.chance(0.1) ? '2020-01-01' : null,
  });
