import type { z } from 'zod';
import type { MapLens, MapPicture } from '../../../shared/contract/map-query.ts';
import type { MapEdge, MapNode, MapView } from '../../../shared/contract/views.ts';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';

export type SeenEdge = z.infer<typeof MapEdge>;
export type DrawnNode = z.infer<typeof MapNode>;
export type EdgeVerdict = SeenEdge['verdict'];

/** All that goes from one drawn node to another. `parts` is sorted by the shown verdict, most pressing first, and never empty; `verdict` is that of the first in the view that is shown. */
export type DrawnEdge = {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly verdict: EdgeVerdict;
  /** The worst of the other view: what it would be, or what it is. */
  readonly otherVerdict: EdgeVerdict;
  readonly parts: readonly SeenEdge[];
  /** Conversations, and how many of these the draft judges otherwise than what is live. */
  readonly pairs: number;
  readonly differing: number;
  readonly connections: number;
  readonly lastSeenAtMs: number;
  /** Names of the hosts at the zone's end when the edge ends at a zone's box (`bundleEdges`), else null. */
  readonly bundle: readonly string[] | null;
};

/** `within`: what goes on inside of a group that is shut, by its id. */
export type MapModel = {
  readonly picture: MapPicture;
  readonly lens: MapLens;
  readonly zones: MapView['zones'];
  readonly groups: MapView['groups'];
  readonly hubs: MapView['hubs'];
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly within: ReadonlyMap<string, DrawnEdge>;
};

/** What the map draws of a view through one of the two lenses: parallel edges merged. Pure; order follows the view. */
export function buildMapModel(view: MapView, lens: MapLens): MapModel {
  const merged = mergeEdges(view.edges, lens);
  const used = new Set(view.nodes.map((node) => node.zone));
  return {
    picture: view.picture,
    lens,
    zones: view.zones.filter((zone) => used.has(zone.name)),
    groups: view.groups,
    hubs: view.hubs,
    nodes: view.nodes,
    edges: merged.filter((edge) => edge.source !== edge.target),
    within: new Map(merged.filter((edge) => edge.source === edge.target).map((edge) => [edge.source, edge])),
  };
}

export const shownVerdict = (edge: SeenEdge, lens: MapLens): EdgeVerdict => (lens === 'live' ? edge.verdict : edge.draft);
const rank = (verdict: EdgeVerdict): number => EDGE_ORDER.indexOf(verdict);
const worst = (verdicts: readonly EdgeVerdict[]): EdgeVerdict => EDGE_ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'unknown';
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

function mergeEdges(edges: readonly SeenEdge[], lens: MapLens): readonly DrawnEdge[] {
  const merged = Map.groupBy(edges, (edge) => `${edge.source}>${edge.target}`);
  return [...merged].flatMap(([id, parts]) => {
    const sorted = parts.toSorted((a, b) => rank(shownVerdict(a, lens)) - rank(shownVerdict(b, lens)) || b.connections - a.connections);
    const [first] = sorted;
    if (first === undefined) return [];
    return [{ id, source: first.source, target: first.target, ...summedUp(sorted, lens), bundle: null }];
  });
}

/** What an edge of these parts says. */
export function summedUp(parts: readonly SeenEdge[], lens: MapLens): Omit<DrawnEdge, 'id' | 'source' | 'target' | 'bundle'> {
  return {
    verdict: worst(parts.map((part) => shownVerdict(part, lens))),
    otherVerdict: worst(parts.map((part) => shownVerdict(part, lens === 'live' ? 'draft' : 'live'))),
    parts,
    pairs: sum(parts.map((part) => part.pairs)),
    differing: sum(parts.map((part) => part.differing)),
    connections: sum(parts.map((part) => part.connections)),
    lastSeenAtMs: Math.max(...parts.map((part) => part.lastSeenAtMs)),
  };
}

const portText = ({ protocol, port }: SeenEdge): string => (protocol === 'tcp' ? String(port) : port === 0 ? protocol : `${protocol}/${port}`);
const MAX_LABEL_PORTS = 2;
const prefixes: Record<EdgeVerdict, string> = { blocked: '× ', 'would-block': '! ', 'no-rule': '', unknown: '? ', allowed: '' };

/** The ports on an edge, those of its worst verdict first: `! 22, 5432 +3`, and how many conversations it is where it ends at a group. TCP is not written. */
export function edgeLabel(edge: DrawnEdge): string {
  const ports = [...new Set(edge.parts.map(portText))];
  const more = ports.length > MAX_LABEL_PORTS ? ` +${ports.length - MAX_LABEL_PORTS}` : '';
  const isSummed = edge.pairs > edge.parts.length;
  const count = edge.bundle !== null ? ` (${edge.bundle.length} hosts)` : isSummed ? ` (${edge.pairs.toLocaleString('en')} pairs)` : '';
  return `${prefixes[edge.verdict]}${ports.slice(0, MAX_LABEL_PORTS).join(', ')}${more}${count}`;
}

/** Where there is no room for more: the first port of its worst verdict, and how many others there are. */
export function shortLabel(edge: DrawnEdge): string {
  const [first, ...others] = new Set(edge.parts.map(portText));
  return `${prefixes[edge.verdict]}${first ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** A node's hubs in a few words, those that it is first and otherwise in the order of the menu, so that like nodes read alike: `DNS, Logs, +2`; '' where it has none. */
export function badgeText(node: DrawnNode, hubs: MapModel['hubs']): string {
  const own = hubs.flatMap((hub) => node.badges.filter((badge) => badge.hub === hub.id).map(({ isProvider }) => ({ isProvider, text: isProvider ? `▸${hub.text}` : hub.text })));
  const texts = [...own.filter(({ isProvider }) => isProvider), ...own.filter(({ isProvider }) => !isProvider)].map(({ text }) => text);
  const shown = texts.slice(0, MAX_BADGES);
  return texts.length > shown.length ? `${shown.join(', ')} +${texts.length - shown.length}` : shown.join(', ');
}
const MAX_BADGES = 3;

export const isGroup = (kind: DrawnNode['kind']): boolean => kind === 'zone' || kind === 'app' || kind === 'role' || kind === 'peers';
export const hostsText = (count: number): string => `${count.toLocaleString('en')} ${count === 1 ? 'host' : 'hosts'}`;
