import type { ElementDefinition } from 'cytoscape';
import { MAX_PEERS_OPENED } from '../../../shared/contract/map-query.ts';
import { MODE_WORDS } from '../../ui/ModeBadge.tsx';
import { groupTitle } from './group-title.ts';
import { ellipseGapPx, isOutside, isShutGroup, middleOf, nodeBox } from './map-geometry.ts';
import { isCalm, type MapLayout } from './map-layout.ts';
import { isThroughNode } from './route-edges.ts';
import { badgeText, type DrawnEdge, type DrawnNode, edgeLabel, hostsText, isGroup, type MapModel, shortLabel } from './map-model.ts';

/** Elements for Cytoscape at the places of the layout. */
export function mapElements(model: MapModel, layout: MapLayout): ElementDefinition[] {
  const groups = model.groups.flatMap((group) => groupElements(model, group, layout));
  const nodes = model.nodes.map((node): ElementDefinition => {
    const parent = node.parent !== null && layout.frames.has(node.parent) ? { parent: node.parent } : {};
    return {
      group: 'nodes',
      data: { id: node.id, label: nodeLabel(node, model), name: node.label, kind: node.kind, mode: node.mode, ...parent },
      position: { ...(layout.nodes.get(node.id) ?? { x: 0, y: 0 }) },
      classes: node.badges.length > 0 ? 'badged' : '',
      // What is in an open group stands in its grid; the group itself can be moved.
      grabbable: model.picture === 'hosts' || node.parent === null,
    };
  });
  const hasDifferences = model.lens === 'draft' && model.edges.some((edge) => edge.differing > 0);
  const outside = new Map(model.nodes.flatMap(({ id, kind }) => (isOutside(kind) ? [[id, kind] as const] : [])));
  return [...groups, ...nodes, ...model.edges.map((edge) => edgeElement(edge, hasDifferences, layout, outside.get(edge.source)))];
}

/** `outside` is the kind of the source where that is drawn as an ellipse, which a line leaves nearer to its middle than the box that the layout knows. */
function edgeElement(edge: DrawnEdge, hasDifferences: boolean, layout: MapLayout, outside: DrawnNode['kind'] | undefined): ElementDefinition {
  const bend = layout.routes.get(edge.id)?.bend ?? { at: 0.5, px: 0 };
  const [start] = layout.routes.get(edge.id)?.path ?? [];
  const from = layout.nodes.get(edge.source);
  const gapPx = outside === undefined || start === undefined || from === undefined ? 0 : ellipseGapPx(nodeBox(outside, from), start);
  const labelAt = (layout.labels.get(edge.id)?.offsetPx ?? 0) + gapPx;
  const isQuiet = layout.isDense && (edge.verdict === 'no-rule' || edge.verdict === 'unknown');
  const classes = [isCalm(edge, layout.isBusy) ? 'calm' : isQuiet ? 'quiet' : '', layout.bare.has(edge.id) ? (bend.px === 0 ? 'bare plain' : 'bare') : '', difference(edge, hasDifferences), isOver(edge, layout) ? 'over' : ''];
  return {
    group: 'edges',
    data: { id: edge.id, source: edge.source, target: edge.target, verdict: edge.verdict, label: layout.short.has(edge.id) ? shortLabel(edge) : edgeLabel(edge), full: edgeLabel(edge), bend: bend.px, bendAt: bend.at, labelAt },
    classes: classes.join(' '),
  };
}

/** What is or would be refused is seen whole: where no bend leads it round a box, it runs over the box and not behind it. */
function isOver({ id, verdict }: DrawnEdge, { routes }: MapLayout): boolean {
  const route = routes.get(id);
  return (verdict === 'blocked' || verdict === 'would-block') && route !== undefined && isThroughNode(route);
}

/** In the draft view what differs stands out, and the rest steps back where anything does. */
function difference(edge: DrawnEdge, hasDifferences: boolean): string {
  if (!hasDifferences) return '';
  return edge.differing > 0 ? 'differs' : 'same';
}

/** One line for a host; for a group that is shut, its size and a zone’s mode below the name; and for both, in a last line, the hubs that they use. */
export function nodeLabel(node: DrawnNode, { hubs }: Pick<MapModel, 'hubs'>): string {
  const badges = badgeText(node, hubs);
  const isShut = isShutGroup(node.kind);
  const size = node.kind === 'zone' && node.mode !== null ? `${hostsText(node.count)} · ${MODE_WORDS[node.mode]}` : hostsText(node.count);
  const below = [...(isShut ? [size] : []), ...(badges === '' ? [] : [badges])];
  return below.length === 0 ? node.label : [node.label, ...below].map((line) => cut(line, isShut ? MAX_GROUP_LINE : MAX_HOST_LINE)).join('\n');
}

/** Cytoscape cuts no line of several; so many characters fit into the boxes of map-geometry.ts. */
const MAX_GROUP_LINE = 24;
const MAX_HOST_LINE = 18;
const cut = (line: string, longest: number): string => (line.length > longest ? `${line.slice(0, longest - 1)}…` : line);

/** An open group's box and, as a node in it that nothing can be done with, its title. */
function groupElements(model: MapModel, group: MapModel['groups'][number], layout: MapLayout): ElementDefinition[] {
  const frame = layout.frames.get(group.id);
  if (frame === undefined) return [];
  const mode = model.zones.find((zone) => zone.name === group.zone)?.mode ?? null;
  const parent = group.parent === null ? {} : { parent: group.parent };
  return [
    {
      group: 'nodes',
      data: { id: group.id, kind: 'box', of: group.kind, label: '', mode: group.kind === 'zone' ? mode : null, ...parent },
      grabbable: model.picture === 'hosts' || group.parent === null,
    },
    {
      group: 'nodes',
      data: { id: `title:${group.id}`, parent: group.id, kind: 'title', label: groupTitle(model, group), widthPx: frame.title.x2 - frame.title.x1, titleAt: frame.titleAt },
      position: { ...middleOf(frame.title) },
      selectable: false,
      grabbable: false,
    },
  ];
}

/** Whether pressing it twice opens it. */
export const canOpen = (node: Pick<DrawnNode, 'kind' | 'count'>): boolean => isGroup(node.kind) && !(node.kind === 'peers' && node.count > MAX_PEERS_OPENED);
