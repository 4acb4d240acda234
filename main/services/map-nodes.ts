import { type MapGroup, type MapPicture, MAX_PEERS_OPENED } from '../../shared/contract/map-query.ts';
import type { MapEdge, MapView } from '../../shared/contract/views.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import { listPositions, type Position } from '../db/position-store.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { externalNodeId } from './map-edges.ts';
import { keptPositionId, positionId } from './map-positions.ts';
import type { TreeGroup, TreeNode } from './map-tree.ts';

type Node = MapView['nodes'][number];

const MAX_NAMES = 40;
const SHARED_KEYS = ['role', 'app', 'env'];

type Bare = Omit<Node, 'badges' | keyof Place>;
type Place = Pick<MapGroup, 'x' | 'y' | 'keptX' | 'keptY'>;
type Shown = { readonly tree: readonly TreeNode[]; readonly outside: readonly Outside[]; readonly groups: readonly TreeGroup[]; readonly picture: MapPicture; readonly badges: ReadonlyMap<string, Node['badges']> };

/** Nodes of the tree, then outside peers by name; they and the open groups with their stored places. */
export function readMapNodes(ctx: BackendContext, compiled: CompiledDraft, shown: Shown): { nodes: Node[]; groups: MapGroup[] } {
  const placeOf = readPlaces(listPositions(ctx.workspace.read), shown.picture);
  const finish = (node: Bare): Node => ({ ...node, badges: shown.badges.get(node.id) ?? [], ...placeOf(node.id) });
  const nodes = [...shown.tree.map((node) => finish(toNode(compiled, node))), ...shown.outside.map((node) => finish(toOutside(node)))];
  return { nodes, groups: shown.groups.map((group) => ({ ...group, ...placeOf(group.id) })) };
}

function readPlaces(positions: ReadonlyMap<string, Position>, picture: MapPicture): (id: string) => Place {
  return (id) => {
    const [byHand, kept] = [positions.get(positionId(picture, id)), positions.get(keptPositionId(picture, id))];
    return { x: byHand?.x ?? null, y: byHand?.y ?? null, keptX: kept?.x ?? null, keptY: kept?.y ?? null };
  };
}

function toNode(compiled: CompiledDraft, { id, kind, label, parent, hosts }: TreeNode): Bare {
  const [first] = hosts;
  const zone = first === undefined ? null : (compiled.zones.get(first.id)?.zone ?? null);
  const isHost = kind === 'host' && first !== undefined;
  return {
    id,
    label,
    zone: zone?.name ?? null,
    host: isHost ? first.id : null,
    kind: isHost && !first.managed ? 'unmanaged' : kind,
    mode: isHost && !first.managed ? null : (zone?.mode ?? 'observe'),
    parent,
    count: hosts.length,
    names: hosts.slice(0, MAX_NAMES).map((host) => host.name),
    labels: sharedLabels(hosts),
  };
}

function sharedLabels(hosts: readonly FleetHost[]): Record<string, string> {
  const [first] = hosts;
  return Object.fromEntries(
    SHARED_KEYS.flatMap((key) => {
      const value = first?.labels[key];
      return value !== undefined && hosts.every((host) => host.labels[key] === value) ? [[key, value] as const] : [];
    }),
  );
}

/** A named list or network, or several unnamed networks that are shown as one. `names` is never empty. */
export type Outside = { readonly id: string; readonly label: string; readonly names: readonly string[] };

const toOutside = ({ id, label, names }: Outside): Bare => ({
  id,
  label,
  zone: null,
  host: null,
  kind: id.startsWith(externalNodeId('')) ? 'external' : 'peers',
  mode: null,
  parent: null,
  count: names.length,
  names: names.slice(0, MAX_NAMES),
  labels: {},
});

/** More unnamed networks than this on one side are one node, which can be opened up to a size that can be drawn. */
const MAX_UNNAMED = 3;

/** Everybody outside that edges go to or come from. Networks that nobody named are one node for all callers and one for all that are only called, unless these are in `open`. */
export function findOutside(edges: readonly MapEdge[], open: readonly string[]): { readonly shown: readonly Outside[]; readonly nodeOf: (id: string) => string } {
  const callers = new Set(edges.map((edge) => edge.source).filter(isExternal));
  const ids = [...new Set([...callers, ...edges.map((edge) => edge.target).filter(isExternal)])].toSorted();
  const unnamed = ids.filter(isUnnamed);
  const groups = [
    { id: 'peers:callers', what: 'outside callers', ids: unnamed.filter((id) => callers.has(id)) },
    { id: 'peers:called', what: 'outside services', ids: unnamed.filter((id) => !callers.has(id)) },
  ].filter((group) => group.ids.length > (open.includes(group.id) ? MAX_PEERS_OPENED : MAX_UNNAMED));
  const groupOf = new Map(groups.flatMap((group) => group.ids.map((id) => [id, group.id] as const)));
  const alone = ids.filter((id) => !groupOf.has(id)).map((id): Outside => ({ id, label: externalName(id), names: [externalName(id)] }));
  const together = groups.map((group): Outside => ({ id: group.id, label: `${group.ids.length.toLocaleString('en')} ${group.what}`, names: group.ids.map(externalName) }));
  return { shown: [...alone, ...together], nodeOf: (id) => groupOf.get(id) ?? id };
}

const isExternal = (id: string): boolean => id.startsWith(externalNodeId(''));
export const externalName = (id: string): string => id.slice(externalNodeId('').length);
/** A network; an IP list has a name that somebody gave it. */
const isUnnamed = (id: string): boolean => /^[0-9a-f]*[.:][0-9a-f.:]*(\/\d+)?$/i.test(externalName(id));
