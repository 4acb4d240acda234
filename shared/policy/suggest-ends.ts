import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy } from '../model/policy.ts';
import type { SuggestWidth } from './suggest-options.ts';
import { zoneOfHosts } from './zones.ts';

/** The labels that name an end, `=` and ANDed; only those that its hosts have. */
export type EndLabels = { readonly app?: string; readonly role?: string; readonly env?: string; readonly more?: { readonly key: string; readonly values: readonly string[] } };

/** One end of a suggested rule: how it is written, and the hosts that this means now. Equal keys, equal ends. */
export type RuleEnd = { readonly key: string; readonly peer: Peer; readonly members: readonly FleetHost[]; readonly labels: EndLabels | null };

export type EndNamer = {
  /** The end that stands for the host under a width: never broader than it, and narrower where labels are missing. */
  readonly endOf: (host: FleetHost, width: SuggestWidth | 'host') => RuleEnd;
};

/**
 * Labels name an end only if they mean no other hosts than those that have just these: where `env` or `role` is missing and `app=shop` would take in the
 * hosts that have one, the next narrower name is taken, and last the host's own. Every answer is made once.
 */
export function createEndNamer(policy: Policy, hosts: readonly FleetHost[]): EndNamer {
  const zones = zoneOfHosts(policy, hosts);
  const roles = createGroups(hosts, ['app', 'role', 'env']);
  const apps = createGroups(hosts, ['app', 'env']);
  const zoneEnds = new Map<string, RuleEnd>();
  const known: Record<SuggestWidth | 'host', Map<HostId, RuleEnd>> = { host: new Map(), role: new Map(), app: new Map(), zone: new Map() };
  const make = (host: FleetHost, width: SuggestWidth | 'host'): RuleEnd => {
    if (width === 'host') return { key: `host:${host.name}`, peer: { kind: 'host', host: host.name }, members: [host], labels: null };
    if (width === 'role') return roles(host) ?? endOf(host, 'host');
    if (width === 'app') return (host.labels.app === undefined ? null : apps(host)) ?? endOf(host, 'role');
    const zone = zones.get(host.id)?.zone?.name;
    if (zone === undefined) return endOf(host, 'app');
    const before = zoneEnds.get(zone);
    if (before) return before;
    const end: RuleEnd = { key: `zone:${zone}`, peer: { kind: 'zone', zone }, members: hosts.filter((other) => zones.get(other.id)?.zone?.name === zone), labels: null };
    zoneEnds.set(zone, end);
    return end;
  };
  const endOf = (host: FleetHost, width: SuggestWidth | 'host'): RuleEnd => {
    const before = known[width].get(host.id);
    if (before) return before;
    const end = make(host, width);
    known[width].set(host.id, end);
    return end;
  };
  return { endOf };
}

export const labelEnd = (labels: EndLabels, members: readonly FleetHost[]): RuleEnd => ({
  key: JSON.stringify([labels.app, labels.role, labels.env, labels.more]),
  peer: { kind: 'selector', select: { include: [{ terms: toTerms(labels) }], exclude: [] } },
  members,
  labels,
});

export function toTerms({ app, role, env, more }: EndLabels): { key: string; op: '='; values: string[] }[] {
  const single = Object.entries({ app, role, env }).flatMap(([key, value]) => (value === undefined ? [] : [{ key, op: '=' as const, values: [value] }]));
  return more === undefined ? single : [...single, { key: more.key, op: '=', values: [...more.values] }];
}

type GroupKey = 'app' | 'role' | 'env';

/** Hosts with the same values of the keys, or without the same ones. Null for a host whose group its labels do not tell from others. */
function createGroups(hosts: readonly FleetHost[], keys: readonly GroupKey[]): (host: FleetHost) => RuleEnd | null {
  const valuesOf = (host: FleetHost) => keys.map((key) => host.labels[key]);
  const groups = new Map<string, FleetHost[]>();
  const keyOf = (host: FleetHost) => JSON.stringify(valuesOf(host));
  for (const host of hosts) {
    const group = groups.get(keyOf(host));
    if (group) group.push(host);
    else groups.set(keyOf(host), [host]);
  }
  const ends = new Map<string, RuleEnd | null>();
  const nameGroup = (key: string): RuleEnd | null => {
    const members = groups.get(key) ?? [];
    const [first] = members;
    if (!first || (first.labels.app === undefined && first.labels.role === undefined)) return null;
    const values = valuesOf(first);
    const isAlsoOthers = values.includes(undefined) && [...groups].some(([other, [host]]) => other !== key && host && valuesOf(host).every((value, i) => values[i] === undefined || values[i] === value));
    if (isAlsoOthers) return null;
    const [app, role, env] = (['app', 'role', 'env'] as const).map((each) => (keys.includes(each) ? first.labels[each] : undefined));
    return labelEnd({ ...(app === undefined ? {} : { app }), ...(role === undefined ? {} : { role }), ...(env === undefined ? {} : { env }) }, members);
  };
  return (host) => {
    const key = keyOf(host);
    const before = ends.get(key);
    if (before !== undefined) return before;
    const end = nameGroup(key);
    ends.set(key, end);
    return end;
  };
}
