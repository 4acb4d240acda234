import type { Release } from './tree.ts';

/** What a host does in the shop; `plain` hosts only run sshd and cron. */
export type HostRole = 'lb' | 'web' | 'db' | 'cache' | 'ops' | 'customer' | 'plain';

export type HostSpec = {
  /** Lower-case letters, digits and dashes, at most 15; also its host name. */
  readonly name: string;
  readonly role: HostRole;
  /** Size of the host's own disk: whatever it writes over the shared tree. Default 1024. */
  readonly diskMegabytes?: number;
  /** Default bookworm. Only bookworm has the servers of the shop's roles. */
  readonly release?: Release;
  /** Debian packages that this host has beside those of the tree; installed once on this machine and kept. Default none. */
  readonly packages?: readonly string[];
};

/** Where one lab lives: nothing else on this machine uses these names and addresses. */
export type LabNames = {
  readonly slot: number;
  /** The lab's interface on the machine itself, and the prefix of all its namespaces and cgroups. */
  readonly prefix: string;
  readonly consoleIpv4: string;
  readonly consoleIpv6: string;
  readonly routerIpv4: string;
  readonly routerIpv6: string;
  readonly subnetIpv4: string;
  readonly subnetIpv6: string;
};

export type HostPlan = Required<HostSpec> & {
  readonly ipv4: string;
  readonly ipv6: string;
  readonly mac: string;
  /** Its namespace's name, and its bridge port's. */
  readonly netns: string;
  readonly bridgePort: string;
  /** Labels that suit the host, for tests and for the demo. */
  readonly labels: Readonly<Record<'role' | 'app' | 'env' | 'loc', string>>;
};

export const SLOT_COUNT = 64;
const FIRST_HOST_NUMBER = 11;
const MAX_HOSTS = 200;

/** The five hosts of the shop and the one that backs it up and watches it. */
export const SHOP_HOSTS: readonly HostSpec[] = [
  { name: 'lb1', role: 'lb' },
  { name: 'web1', role: 'web' },
  { name: 'web2', role: 'web' },
  { name: 'db1', role: 'db' },
  { name: 'cache1', role: 'cache' },
  { name: 'ops1', role: 'ops' },
];

/** `count` hosts without a role: `host01`, `host02`, … */
export function plainHosts(count: number): readonly HostSpec[] {
  return Array.from({ length: count }, (_, index) => ({ name: `host${String(index + 1).padStart(2, '0')}`, role: 'plain' }));
}

/** Of IPv6 subnets none is 0, so that their addresses are written in the shortest form, as hosts print them. */
export function planNames(slot: number): LabNames {
  return {
    slot,
    prefix: `fblab${slot}`,
    subnetIpv4: `10.213.${slot}.0/24`,
    consoleIpv4: `10.213.${slot}.1`,
    routerIpv4: `10.213.${slot}.254`,
    subnetIpv6: `fd5b:1ab:0:${slot + 1}::/64`,
    consoleIpv6: `fd5b:1ab:0:${slot + 1}::1`,
    routerIpv6: `fd5b:1ab:0:${slot + 1}::254`,
  };
}

/** Gives every host its addresses, in the order given. Throws on a name that is taken twice or is no host name. */
export function planHosts(names: LabNames, specs: readonly HostSpec[]): readonly HostPlan[] {
  if (specs.length > MAX_HOSTS) throw new Error(`a lab has at most ${MAX_HOSTS} hosts`);
  const taken = new Set<string>();
  return specs.map((spec, index) => {
    if (!/^[a-z][a-z0-9-]{0,14}$/.test(spec.name)) throw new Error(`not a host name: ${JSON.stringify(spec.name)}`);
    if (taken.has(spec.name)) throw new Error(`two hosts are named ${spec.name}`);
    taken.add(spec.name);
    return planHost(names, spec, FIRST_HOST_NUMBER + index);
  });
}

function planHost(names: LabNames, spec: HostSpec, number: number): HostPlan {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  return {
    name: spec.name,
    role: spec.role,
    diskMegabytes: spec.diskMegabytes ?? 1024,
    release: spec.release ?? 'bookworm',
    packages: spec.packages ?? [],
    ipv4: `10.213.${names.slot}.${number}`,
    ipv6: `fd5b:1ab:0:${names.slot + 1}::${number}`,
    mac: `02:fb:00:${hex(names.slot)}:00:${hex(number)}`,
    netns: `${names.prefix}-${spec.name}`,
    bridgePort: `p${number}`,
    labels: { role: spec.role, app: spec.role === 'plain' ? 'base' : 'shop', env: 'prod', loc: 'lab' },
  };
}
