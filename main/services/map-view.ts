import type { MapView } from '../../shared/contract/views.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { listPositions, type Position, savePositions } from '../db/position-store.ts';
import { listFigureSums } from '../db/recording-store.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames } from './flow-names.ts';
import { createEdgeBook, externalNodeId } from './map-edges.ts';
import { recordObservation } from './record-change.ts';

/** Every host, and everyone that they talked to since `sinceMs` (null: ever). An edge joins what both its ends reported. */
export function readMap(ctx: BackendContext, sinceMs: number | null): MapView {
  const compiled = readCompiledDraft(ctx);
  const names = createFlowNames(compiled);
  const book = createEdgeBook(compiled, names, listAppliedHeads(ctx.workspace.read));
  const filter = { sinceMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) book.add(flow);
  const edges = book.edges();
  return { zones: listMapZones(compiled), nodes: listNodes(ctx, compiled, edges), edges, lost: listLost(ctx, compiled, sinceMs) };
}

/** Adds or moves; nodes that are not named stay where they are. */
export function saveMapPositions(ctx: BackendContext, positions: readonly Position[]): void {
  recordObservation(ctx, [], (tx) => savePositions(tx, positions));
}

function listMapZones(compiled: CompiledDraft): MapView['zones'] {
  const members = [...compiled.zones.values()];
  return compiled.policy.zones.map((zone) => ({ name: zone.name, mode: zone.mode, hosts: members.filter((m) => m.zone?.name === zone.name).length }));
}

function listNodes(ctx: BackendContext, compiled: CompiledDraft, edges: MapView['edges']): MapView['nodes'] {
  const positions = listPositions(ctx.workspace.read);
  const place = (id: string) => ({ x: positions.get(id)?.x ?? null, y: positions.get(id)?.y ?? null });
  const hosts = compiled.fleet.map((host): MapView['nodes'][number] => {
    const zone = compiled.zones.get(host.id)?.zone ?? null;
    const id = `host:${host.id}`;
    return {
      id,
      label: host.name,
      zone: zone?.name ?? null,
      host: host.id,
      kind: host.managed ? 'host' : 'unmanaged',
      mode: host.managed ? (zone?.mode ?? 'observe') : null,
      ...place(id),
    };
  });
  const externalIds = new Set(edges.flatMap((e) => [e.source, e.target]).filter((id) => id.startsWith(externalNodeId(''))));
  const externals = [...externalIds].toSorted().map((id): MapView['nodes'][number] => ({
    id,
    label: id.slice(externalNodeId('').length),
    zone: null,
    host: null,
    kind: 'external',
    mode: null,
    ...place(id),
  }));
  return [...hosts, ...externals];
}

/** What the recording sets had no room for, by host: there the map is incomplete. */
function listLost(ctx: BackendContext, compiled: CompiledDraft, sinceMs: number | null): MapView['lost'] {
  const packets = new Map<string, number>();
  for (const sum of listFigureSums(ctx.workspace.read, sinceMs)) {
    const name = compiled.fleet.find((h) => h.id === sum.host)?.name;
    const isLoss = sum.figure.startsWith('lost-') || sum.figure === 'dropped' || sum.figure === 'rejected';
    if (name !== undefined && isLoss) packets.set(name, (packets.get(name) ?? 0) + sum.amount);
  }
  return [...packets].map(([hostName, count]) => ({ hostName, packets: count }));
}
