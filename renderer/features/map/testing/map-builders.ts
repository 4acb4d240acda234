import { MapView } from '../../../../shared/contract/views.ts';
import type { DrawnEdge, DrawnNode, EdgeVerdict, MapModel, SeenEdge } from '../map-model.ts';

const NO_PLACE = { x: null, y: null, keptX: null, keptY: null } as const;

export const aDrawnNode = (fields: Partial<DrawnNode> & { readonly id: string }): DrawnNode => ({
  label: fields.id.replace(/^\w+:/, ''),
  zone: null,
  host: null,
  kind: 'host',
  mode: null,
  parent: null,
  count: 1,
  names: [],
  labels: {},
  badges: [],
  ...NO_PLACE,
  ...fields,
});

export const aSeenEdge = (source: string, target: string, port: number, verdict: EdgeVerdict = 'allowed', more: Partial<SeenEdge> = {}): SeenEdge => ({
  ...{ id: `${source} ${target} ${port}`, source, target, protocol: 'tcp', port, verdict, draft: verdict },
  ...{ pairs: 1, differing: 0, connections: 1, users: [], units: [], processes: [], sources: [], firstSeenAtMs: 0, lastSeenAtMs: port },
  ...more,
});

export const aDrawnEdge = (fields: Partial<DrawnEdge> & Pick<DrawnEdge, 'source' | 'target'>): DrawnEdge => ({
  ...{ id: `${fields.source}>${fields.target}`, verdict: 'allowed', otherVerdict: 'allowed', parts: [] },
  ...{ pairs: 1, differing: 0, connections: 1, lastSeenAtMs: 0, bundle: null },
  ...fields,
});

export const aDrawnGroup = (fields: Partial<MapModel['groups'][number]> & { readonly id: string }): MapModel['groups'][number] => ({
  kind: 'zone',
  label: fields.id.replace(/^\w+:/, ''),
  zone: null,
  hosts: 1,
  parent: null,
  ...NO_PLACE,
  ...fields,
});

export const aDrawnModel = (fields: Partial<MapModel>): MapModel => ({ picture: 'hosts', lens: 'live', zones: [], groups: [], hubs: [], nodes: [], edges: [], within: new Map(), ...fields });

/** As the backend sends it: parsed, so that a test's view is one that can come. */
export const aView = (fields: { readonly nodes?: readonly DrawnNode[]; readonly edges?: readonly SeenEdge[]; readonly zones?: readonly string[] }): MapView =>
  MapView.parse({
    ...{ level: 'host', picture: 'hosts', totals: { hosts: 1, conversations: 1, shown: 1 }, hubs: [], lost: [] },
    zones: (fields.zones ?? []).map((name) => ({ name, mode: 'observe', hosts: 1 })),
    groups: (fields.zones ?? []).map((name) => aDrawnGroup({ id: `zone:${name}`, zone: name })),
    nodes: fields.nodes ?? [],
    edges: fields.edges ?? [],
  });
