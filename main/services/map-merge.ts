import type { MapVerdict } from '../../shared/contract/map-query.ts';
import type { MapEdge } from '../../shared/contract/views.ts';

/** The most pressing first: which verdict shows where several are one. */
const PRESSING: readonly MapVerdict[] = ['blocked', 'would-block', 'no-rule', 'unknown', 'allowed'];
export const morePressing = (a: MapVerdict, b: MapVerdict): MapVerdict => (PRESSING.indexOf(a) <= PRESSING.indexOf(b) ? a : b);

const MAX_NAMES = 20;

type Merged = Omit<MapEdge, 'users' | 'units' | 'processes' | 'sources'> & { users: Set<string>; units: Set<string>; processes: Set<string>; sources: Set<string> };

/** One edge for all that goes over one service between two shown nodes: the worst verdicts, sums, and who was seen at it. `nodeOf` says as what an end is shown. */
export function mergeMapEdges(edges: Iterable<MapEdge>, nodeOf: (id: string) => string): MapEdge[] {
  const merged = new Map<string, Merged>();
  for (const edge of edges) {
    const [source, target] = [nodeOf(edge.source), nodeOf(edge.target)];
    const id = `${source} ${target} ${edge.protocol}/${edge.port}`;
    const known = merged.get(id);
    if (known === undefined) merged.set(id, { ...edge, id, source, target, users: new Set(edge.users), units: new Set(edge.units), processes: new Set(edge.processes), sources: new Set(edge.sources) });
    else add(known, edge);
  }
  return [...merged.values()].map((edge) => ({ ...edge, users: listed(edge.users), units: listed(edge.units), processes: listed(edge.processes), sources: listed(edge.sources) }));
}

function add(known: Merged, edge: MapEdge): void {
  known.verdict = morePressing(known.verdict, edge.verdict);
  known.draft = morePressing(known.draft, edge.draft);
  known.pairs += edge.pairs;
  known.differing += edge.differing;
  known.connections += edge.connections;
  known.firstSeenAtMs = Math.min(known.firstSeenAtMs, edge.firstSeenAtMs);
  known.lastSeenAtMs = Math.max(known.lastSeenAtMs, edge.lastSeenAtMs);
  for (const key of ['users', 'units', 'processes', 'sources'] as const) for (const name of edge[key]) known[key].add(name);
}

const listed = (names: ReadonlySet<string>): string[] => [...names].toSorted().slice(0, MAX_NAMES);
