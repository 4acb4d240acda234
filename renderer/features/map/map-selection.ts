import type { DrawnEdge, DrawnNode, MapModel } from './map-model.ts';
import type { MapSelection } from './map-core.ts';

/** What is chosen, as it is shown now: what a filter has taken away is left out. */
export type Chosen = { readonly edges: readonly DrawnEdge[]; readonly nodes: readonly DrawnNode[]; readonly groups: MapModel['groups'] };

export function chosenOf(model: MapModel, selection: MapSelection): Chosen {
  const ids = new Set(selection);
  return { edges: model.edges.filter((edge) => ids.has(edge.id)), nodes: model.nodes.filter((node) => ids.has(node.id)), groups: model.groups.filter((group) => ids.has(group.id)) };
}

/** The edges that are meant: those chosen, and those between chosen nodes; of a single node all of its own. */
export function meantEdges(model: MapModel, { edges, nodes, groups }: Chosen): readonly DrawnEdge[] {
  const inGroups = model.nodes.filter((node) => groups.some((group) => isIn(model, node.parent, group.id)));
  const ends = new Set([...nodes, ...inGroups].map((node) => node.id));
  const isMeant = (edge: DrawnEdge) => (ends.size === 1 ? ends.has(edge.source) || ends.has(edge.target) : ends.has(edge.source) && ends.has(edge.target));
  return model.edges.filter((edge) => edges.includes(edge) || (ends.size > 0 && isMeant(edge)));
}

/** Whether a group is, or lies in, another. */
export function isIn(model: Pick<MapModel, 'groups'>, id: string | null, outer: string): boolean {
  if (id === null) return false;
  return id === outer || isIn(model, model.groups.find((group) => group.id === id)?.parent ?? null, outer);
}
