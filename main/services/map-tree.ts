import { MAP_LEVELS, type MapGroup, type MapLevel } from '../../shared/contract/map-query.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { CompiledDraft } from './draft-compiled.ts';

/** A node as shown, with the hosts that it stands for (never empty). */
export type TreeNode = { readonly id: string; readonly kind: 'host' | 'zone' | 'app' | 'role' | 'rest'; readonly label: string; readonly parent: string | null; readonly hosts: readonly FleetHost[] };

/** An open group, before it is known where it was put. */
export type TreeGroup = Omit<MapGroup, 'x' | 'y' | 'keptX' | 'keptY'>;

/** What is shown of the fleet, and where each host is in it. */
export type MapTree = { readonly groups: readonly TreeGroup[]; readonly nodes: readonly TreeNode[]; readonly nodeOf: ReadonlyMap<string, string> };

export type Opened = { readonly level: MapLevel; readonly open: readonly string[]; readonly shut: readonly string[] };

/** More hosts than this in one group are not told apart: the rest is one node. */
const MAX_HOSTS_A_GROUP = 120;
const BETWEEN = '|';

export const hostNodeId = (host: FleetHost): string => `host:${host.id}`;

/**
 * Zones in the order of the policy, then the hosts of none; within them applications, roles and hosts by name. A level with a single group says nothing
 * and is left out, as is a group of one host. At host level zones hold their hosts at once.
 */
export function buildMapTree(compiled: CompiledDraft, opened: Opened): MapTree {
  const walk = createWalk(opened);
  const byZone = Map.groupBy(compiled.fleet, (host) => compiled.zones.get(host.id)?.zone?.name ?? null);
  for (const { name } of compiled.policy.zones) walk.zone(name, byZone.get(name) ?? []);
  const unzoned = byZone.get(null) ?? [];
  if (opened.level === 'host') walk.hosts(unzoned, null);
  else walk.zone(null, unzoned);
  const nodeOf = new Map(walk.nodes.flatMap((node) => node.hosts.map((host) => [hostNodeId(host), node.id] as const)));
  return { groups: walk.groups, nodes: walk.nodes, nodeOf };
}

/** The groups that may have to be open for a host to be seen, outermost first; some of them may be left out of a tree. */
export function groupsAround(compiled: CompiledDraft, host: FleetHost): string[] {
  const zone = compiled.zones.get(host.id)?.zone?.name ?? '';
  const { app = '', role = '' } = host.labels;
  return [`zone:${zone}`, `app:${[zone, app].join(BETWEEN)}`, `role:${[zone, app, role].join(BETWEEN)}`];
}

type Inner = 'app' | 'role';
const INNER: readonly Inner[] = ['app', 'role'];
const wordOf = (level: Inner, value: string): string => (value === '' ? `no ${level}` : value);

function createWalk({ level, open, shut }: Opened) {
  const groups: TreeGroup[] = [];
  const nodes: TreeNode[] = [];
  const [opens, shuts] = [new Set(open), new Set(shut)];
  const isOpen = (id: string, own: MapLevel) => !shuts.has(id) && (opens.has(id) || MAP_LEVELS.indexOf(own) < MAP_LEVELS.indexOf(level));

  function putHosts(hosts: readonly FleetHost[], parent: string | null): void {
    const byName = hosts.toSorted((a, b) => collator.compare(a.name, b.name));
    const shown = parent === null || byName.length <= MAX_HOSTS_A_GROUP ? byName.length : MAX_HOSTS_A_GROUP - 1;
    for (const host of byName.slice(0, shown)) nodes.push({ id: hostNodeId(host), kind: 'host', label: host.name, parent, hosts: [host] });
    const rest = byName.slice(shown);
    if (rest.length > 0) nodes.push({ id: `rest:${parent}`, kind: 'rest', label: `${rest.length} more hosts`, parent, hosts: rest });
  }

  function putGroup(own: Exclude<MapLevel, 'host'>, id: string, label: string, at: { zone: string | null; parent: string | null; hosts: readonly FleetHost[] }): boolean {
    if (!isOpen(id, own)) {
      nodes.push({ id, kind: own, label, parent: at.parent, hosts: at.hosts });
      return false;
    }
    groups.push({ id, kind: own, label, zone: at.zone, hosts: at.hosts.length, parent: at.parent });
    return true;
  }

  function putInner(zone: string | null, path: readonly string[], hosts: readonly FleetHost[], parent: string): void {
    const own = INNER[path.length - 1];
    if (own === undefined) {
      putHosts(hosts, parent);
      return;
    }
    const byValue = [...Map.groupBy(hosts, (host) => host.labels[own] ?? '')].toSorted(([a], [b]) => collator.compare(a, b));
    for (const [value, members] of byValue) {
      const inner = [...path, value];
      if (byValue.length === 1) putInner(zone, inner, members, parent);
      else if (members.length === 1) putHosts(members, parent);
      else if (putGroup(own, `${own}:${inner.join(BETWEEN)}`, wordOf(own, value), { zone, parent, hosts: members })) putInner(zone, inner, members, `${own}:${inner.join(BETWEEN)}`);
    }
  }

  function putZone(zone: string | null, hosts: readonly FleetHost[]): void {
    const id = `zone:${zone ?? ''}`;
    if (hosts.length === 0 || !putGroup('zone', id, zone ?? 'In no zone', { zone, parent: null, hosts })) return;
    if (level === 'host') putHosts(hosts, id);
    else putInner(zone, [zone ?? ''], hosts, id);
  }

  return { groups, nodes, zone: putZone, hosts: putHosts };
}

const collator = new Intl.Collator('en', { numeric: true });
