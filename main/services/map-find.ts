import type { MapPlace } from '../../shared/contract/map-query.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { externalNodeId } from './map-edges.ts';
import { groupsAround, hostNodeId } from './map-tree.ts';

const MAX_FOUND = 20;

/** Hosts (by name or address), zones and IP lists whose name contains the text; those that begin with it first. Nothing for no text. */
export function findOnMap(ctx: BackendContext, typed: string): MapPlace[] {
  const text = typed.trim().toLowerCase();
  if (text === '') return [];
  const compiled = readCompiledDraft(ctx);
  const zones = compiled.policy.zones.filter(({ name }) => has(name)).map(({ name }): MapPlace => ({ id: `zone:${name}`, label: name, detail: 'zone', open: [] }));
  const hosts = compiled.fleet.flatMap((host): MapPlace[] => {
    const address = host.addresses.find(has);
    if (!has(host.name) && address === undefined) return [];
    const zone = compiled.zones.get(host.id)?.zone?.name ?? 'no zone';
    return [{ id: hostNodeId(host), label: host.name, detail: address === undefined ? zone : `${zone}, ${address}`, open: groupsAround(compiled, host) }];
  });
  const lists = compiled.policy.ipLists.filter(({ name }) => has(name)).map(({ name }): MapPlace => ({ id: externalNodeId(name), label: name, detail: 'IP list', open: [] }));
  const found = [...zones, ...hosts, ...lists];
  const begins = (place: MapPlace) => Number(place.label.toLowerCase().startsWith(text));
  return found.toSorted((a, b) => begins(b) - begins(a) || a.label.localeCompare(b.label, 'en', { numeric: true })).slice(0, MAX_FOUND);

  function has(name: string): boolean {
    return name.toLowerCase().includes(text);
  }
}
