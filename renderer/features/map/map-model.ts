import type { z } from 'zod';
import type { MapEdge, MapNode, MapView } from '../../../shared/contract/views.ts';
import type { ZoneMode } from '../../../shared/model/policy.ts';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';

export type SeenEdge = z.infer<typeof MapEdge>;
export type SeenNode = z.infer<typeof MapNode>;
export type EdgeVerdict = SeenEdge['verdict'];

/** A node as drawn. `members` are the seen nodes that a group stands for; one, itself, for every other kind. Never empty. */
export type DrawnNode = {
  readonly id: string;
  readonly label: string;
  readonly kind: SeenNode['kind'] | 'group';
  readonly zone: string | null;
  readonly mode: ZoneMode | null;
  readonly members: readonly SeenNode[];
};

/** All that goes from one drawn node to another. `parts` is sorted by verdict, most pressing first, and never empty; `verdict` is that of the first. */
export type DrawnEdge = {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: EdgeVerdict;
  readonly parts: readonly SeenEdge[];
  readonly connections: number;
  readonly lastSeenAtMs: number /** Names of the hosts at the zone's end when the edge ends at a zone's box (`bundleEdges`), else null. */;
  readonly bundle: readonly string[] | null;
};

export type MapModel = { readonly zones: MapView['zones']; readonly nodes: readonly DrawnNode[]; readonly edges: readonly DrawnEdge[] };
export type MapFilters = { readonly verdicts: ReadonlySet<EdgeVerdict>; readonly text: string; readonly isGrouped: boolean };

/** More unnamed peers than this on one side are drawn as one node. */
const MAX_UNNAMED_PEERS = 3;

const matches = (text: string, ...fields: readonly string[]): boolean => fields.some((field) => field.toLowerCase().includes(text.toLowerCase()));

/** What the map draws of a view: filtered, unnamed outside peers grouped, parallel edges merged. Pure; order follows the view. */
export function buildMapModel(view: MapView, filters: MapFilters): MapModel {
  const nameOf = new Map(view.nodes.map((node) => [node.id, node.label]));
  const text = filters.text.trim();
  const edges = view.edges.filter(
    (edge) =>
      filters.verdicts.has(edge.verdict) &&
      (text === '' ||
        matches(text, nameOf.get(edge.source) ?? '', nameOf.get(edge.target) ?? '', `${edge.protocol}/${edge.port}`, ...edge.users, ...edge.units)),
  );
  const used = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  const isFiltered = text !== '' || filters.verdicts.size < EDGE_ORDER.length;
  const kept = view.nodes.filter((node) => used.has(node.id) || (node.kind !== 'external' && (!isFiltered || (text !== '' && matches(text, node.label)))));
  const drawn = filters.isGrouped ? groupPeers(kept, edges) : kept.map(asDrawn);
  const drawnIdOf = new Map(drawn.flatMap((node) => node.members.map((member) => [member.id, node.id])));
  const nodes = new Set(drawn.map((node) => node.zone));
  return { zones: view.zones.filter((zone) => nodes.has(zone.name)), nodes: drawn, edges: mergeEdges(edges, drawnIdOf) };
}

const asDrawn = (node: SeenNode): DrawnNode => ({ id: node.id, label: node.label, kind: node.kind, zone: node.zone, mode: node.mode, members: [node] });

/** An outside peer whose only name is its address or network; one in an IP list has a name that somebody gave it. */
const isUnnamed = (node: SeenNode): boolean => node.kind === 'external' && /^[0-9a-f]*[.:][0-9a-f.:]*(\/\d+)?$/i.test(node.label);

function groupPeers(nodes: readonly SeenNode[], edges: readonly SeenEdge[]): readonly DrawnNode[] {
  const sources = new Set(edges.map((edge) => edge.source));
  const unnamed = nodes.filter(isUnnamed);
  const callers = unnamed.filter((node) => sources.has(node.id));
  const called = unnamed.filter((node) => !sources.has(node.id));
  const groups = [groupOf('group:callers', 'outside callers', callers), groupOf('group:called', 'outside services', called)].filter((group) => group !== null);
  const grouped = new Set(groups.flatMap((group) => group.members.map((member) => member.id)));
  return [...nodes.filter((node) => !grouped.has(node.id)).map(asDrawn), ...groups];
}

function groupOf(id: string, what: string, members: readonly SeenNode[]): DrawnNode | null {
  if (members.length <= MAX_UNNAMED_PEERS) return null;
  return { id, label: `${members.length} ${what}`, kind: 'group', zone: null, mode: null, members };
}

function mergeEdges(edges: readonly SeenEdge[], drawnIdOf: ReadonlyMap<string, string>): readonly DrawnEdge[] {
  const merged = Map.groupBy(edges, (edge) => `${drawnIdOf.get(edge.source)}>${drawnIdOf.get(edge.target)}`);
  return [...merged].flatMap(([id, parts]) => {
    const sorted = parts.toSorted((a, b) => EDGE_ORDER.indexOf(a.verdict) - EDGE_ORDER.indexOf(b.verdict) || b.connections - a.connections);
    const first = sorted[0];
    const source = first === undefined ? undefined : drawnIdOf.get(first.source);
    const target = first === undefined ? undefined : drawnIdOf.get(first.target);
    if (first === undefined || source === undefined || target === undefined || source === target) return [];
    const connections = sorted.reduce((sum, part) => sum + part.connections, 0);
    return [
      {
        id,
        source,
        target,
        verdict: first.verdict,
        parts: sorted,
        connections,
        lastSeenAtMs: Math.max(...sorted.map((part) => part.lastSeenAtMs)),
        bundle: null,
      },
    ];
  });
}

const MAX_LABEL_PORTS = 2;
const prefixes: Record<EdgeVerdict, string> = { blocked: '× ', 'would-block': '! ', 'no-rule': '', unknown: '? ', allowed: '' };

/** The ports on an edge, those of its worst verdict first: `! 22, 5432 +3`. TCP is not written. */
export function edgeLabel(edge: DrawnEdge): string {
  const ports = [
    ...new Set(edge.parts.map((part) => (part.protocol === 'tcp' ? String(part.port) : part.port === 0 ? part.protocol : `${part.protocol}/${part.port}`))),
  ];
  const more = ports.length > MAX_LABEL_PORTS ? ` +${ports.length - MAX_LABEL_PORTS}` : '';
  const hosts = edge.bundle === null ? '' : ` (${edge.bundle.length} hosts)`;
  return `${prefixes[edge.verdict]}${ports.slice(0, MAX_LABEL_PORTS).join(', ')}${more}${hosts}`;
}
