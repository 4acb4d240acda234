import type { MatrixCellDetail, MatrixSeen } from '../../shared/contract/reach-views.ts';
import type { MapEdge } from '../../shared/contract/views.ts';
import type { FlatMap } from './map-flat.ts';
import { hostNodeId } from './map-tree.ts';

/** From the most to the least pressing. */
const ORDER: readonly MapEdge['verdict'][] = ['blocked', 'would-block', 'no-rule', 'unknown', 'allowed'];
const worse = (a: MapEdge['verdict'], b: MapEdge['verdict']) => (ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b);

export type SeenBook = { readonly edgesOf: (from: string, to: string) => readonly MapEdge[] };

/** The map's conversations by the rows and columns of their ends, so that both tell the same figures. */
export function createSeenBook({ edges, compiled }: Pick<FlatMap, 'edges' | 'compiled'>): SeenBook {
  const keys = new Map(
    compiled.fleet.map((host) => {
      const zone = compiled.zones.get(host.id)?.zone?.name;
      return [hostNodeId(host), zone === undefined ? 'unzoned' : `zone:${zone}`];
    }),
  );
  const cells = new Map<string, MapEdge[]>();
  for (const edge of edges) {
    const [from, to] = [keys.get(edge.source) ?? 'outside', keys.get(edge.target) ?? 'outside'];
    for (const key of [`${from} ${to}`, `any ${to}`, `${from} any`, 'any any']) {
      const list = cells.get(key);
      if (list) list.push(edge);
      else cells.set(key, [edge]);
    }
  }
  return { edgesOf: (from, to) => cells.get(`${from} ${to}`) ?? [] };
}

export function sumSeen(edges: readonly MapEdge[]): MatrixSeen {
  return {
    connections: edges.reduce((sum, { connections }) => sum + connections, 0),
    services: new Set(edges.map(({ protocol, port }) => `${protocol}/${port}`)).size,
    worst: edges.reduce<MapEdge['verdict'] | null>((worst, { verdict }) => (worst === null ? verdict : worse(worst, verdict)), null),
    lastSeenAtMs: edges.reduce<number | null>((last, { lastSeenAtMs }) => Math.max(last ?? 0, lastSeenAtMs), null),
  };
}

export function listSeenServices(edges: readonly MapEdge[]): MatrixCellDetail['seen'] {
  const services = [...Map.groupBy(edges, ({ protocol, port }) => `${protocol}/${port}`).values()];
  return services
    .flatMap((of) => {
      const { connections, worst, lastSeenAtMs } = sumSeen(of);
      const [first] = of;
      return first === undefined || worst === null || lastSeenAtMs === null ? [] : [{ protocol: first.protocol, port: first.port, connections, worst, lastSeenAtMs }];
    })
    .toSorted((a, b) => b.connections - a.connections);
}
