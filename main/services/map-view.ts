import { MAP_LEVELS, type MapLevel, type MapQuery } from '../../shared/contract/map-query.ts';
import type { MapEdge, MapView } from '../../shared/contract/views.ts';
import { listFigureSums } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { readMapFilter } from './map-filter.ts';
import { readFlatMap } from './map-flat.ts';
import type { Hubs } from './map-hubs.ts';
import { mergeMapEdges } from './map-merge.ts';
import { findOutside, readMapNodes } from './map-nodes.ts';
import { buildMapTree, hostNodeId, type MapTree } from './map-tree.ts';

/** A site of up to so many hosts is read best with all of them shown. */
const SMALL_SITE = 40;
/** More nodes than this are no picture; the next coarser level is shown. */
const MAX_NODES = 600;

/** The map as far as it is opened: groups and hosts, everyone outside that they talked to since `sinceMs` (null: ever), and one edge a service between two of these. @throws INPUT_INVALID for a filter that cannot be read */
export function readMap(ctx: BackendContext, query: MapQuery): MapView {
  const flat = readFlatMap(ctx, query.sinceMs);
  const { compiled, nameOf } = flat;
  const { level, tree } = treeFor(compiled, query);
  const filter = readMapFilter(compiled, query, nameOf);
  const hubs = query.foldHubs ? flat.hubs() : NO_HUBS;
  const unfolded = new Set(query.unfolded);
  const shown = flat.edges.filter(filter.edges);
  const outside = findOutside(shown, query.open);
  const nodeOf = (id: string) => tree.nodeOf.get(id) ?? outside.nodeOf(id);
  const isFolded = (edge: MapEdge) => isFoldedIn(hubs, unfolded, edge);
  const kept = filter.nodes === null ? tree.nodes : keptNodes(tree, filter.nodes, shown);
  const { nodes, groups } = readMapNodes(ctx, compiled, {
    tree: kept,
    outside: outside.shown,
    groups: groupsOf(tree, kept),
    picture: level === 'host' ? 'hosts' : 'groups',
    badges: badgesOf(shown.filter(isFolded), hubs, nodeOf),
  });
  return {
    level,
    picture: level === 'host' ? 'hosts' : 'groups',
    totals: { hosts: compiled.fleet.length, conversations: flat.edges.length, shown: shown.length },
    zones: listMapZones(compiled),
    groups,
    nodes,
    edges: mergeMapEdges(
      shown.filter((edge) => !isFolded(edge)),
      nodeOf,
    ),
    hubs: hubs.list.map((hub) => ({ ...hub, isFolded: !unfolded.has(hub.id) })),
    lost: listLost(ctx, compiled, query.sinceMs),
  };
}

const NO_HUBS: Hubs = { list: [], hubOf: () => null };

const isFoldedIn = (hubs: Hubs, unfolded: ReadonlySet<string>, edge: MapEdge): boolean => {
  const found = hubs.hubOf(edge);
  return found !== null && !unfolded.has(found.hub);
};

/** The level asked for, else by the site's size; coarser where that would be too many nodes. */
function treeFor(compiled: CompiledDraft, query: MapQuery): { level: MapLevel; tree: MapTree } {
  const asked = query.level ?? (compiled.fleet.length <= SMALL_SITE ? 'host' : 'zone');
  for (const level of MAP_LEVELS.slice(0, MAP_LEVELS.indexOf(asked) + 1).toReversed()) {
    const tree = buildMapTree(compiled, { level, open: query.open, shut: query.shut });
    if (tree.nodes.length <= MAX_NODES) return { level, tree };
  }
  return { level: 'zone', tree: buildMapTree(compiled, { level: 'zone', open: [], shut: [] }) };
}

/** What a filter leaves: nodes with an edge, and those asked for by name. */
function keptNodes(tree: MapTree, isAskedFor: (nodeId: string) => boolean, edges: readonly MapEdge[]): MapTree['nodes'] {
  const used = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  return tree.nodes.filter(({ hosts }) => hosts.some((host) => used.has(hostNodeId(host)) || isAskedFor(hostNodeId(host))));
}

/** Open groups that something is left in. */
function groupsOf(tree: MapTree, nodes: MapTree['nodes']): MapTree['groups'] {
  const byId = new Map(tree.groups.map((group) => [group.id, group]));
  const used = new Set<string>();
  for (const node of nodes) for (let id = node.parent; id !== null; id = byId.get(id)?.parent ?? null) used.add(id);
  return tree.groups.filter((group) => used.has(group.id));
}

type Badges = MapView['nodes'][number]['badges'];

/** By shown node: the hubs that it uses, and those that it is; most connections first. */
function badgesOf(folded: readonly MapEdge[], hubs: Hubs, nodeOf: (id: string) => string): ReadonlyMap<string, Badges> {
  const sums = new Map<string, Map<string, Badges[number]>>();
  for (const edge of folded) {
    const found = hubs.hubOf(edge);
    if (found === null) continue;
    for (const end of ['source', 'target'] as const) {
      const ofNode = sums.get(nodeOf(edge[end])) ?? new Map<string, Badges[number]>();
      sums.set(nodeOf(edge[end]), ofNode);
      const key = `${found.hub} ${found.provider === end}`;
      ofNode.set(key, { hub: found.hub, isProvider: found.provider === end, connections: (ofNode.get(key)?.connections ?? 0) + edge.connections });
    }
  }
  return new Map([...sums].map(([id, badges]) => [id, [...badges.values()].toSorted((a, b) => Number(b.isProvider) - Number(a.isProvider) || b.connections - a.connections)]));
}

function listMapZones(compiled: CompiledDraft): MapView['zones'] {
  const sizes = new Map<string, number>();
  for (const { zone } of compiled.zones.values()) if (zone !== null) sizes.set(zone.name, (sizes.get(zone.name) ?? 0) + 1);
  return compiled.policy.zones.map((zone) => ({ name: zone.name, mode: zone.mode, hosts: sizes.get(zone.name) ?? 0 }));
}

/** What the recording sets had no room for, by host: there the map is incomplete. */
function listLost(ctx: BackendContext, compiled: CompiledDraft, sinceMs: number | null): MapView['lost'] {
  const packets = new Map<string, number>();
  for (const sum of listFigureSums(ctx.workspace.read, sinceMs)) {
    const name = compiled.hosts.get(sum.host)?.name;
    const isLoss = sum.figure.startsWith('lost-') || sum.figure === 'dropped' || sum.figure === 'rejected';
    if (name !== undefined && isLoss) packets.set(name, (packets.get(name) ?? 0) + sum.amount);
  }
  return [...packets].map(([hostName, count]) => ({ hostName, packets: count }));
}
