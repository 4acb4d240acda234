import { printLabels } from '../../../shared/text/label-text.ts';
import { parsePeer } from '../../../shared/text/peer-text.ts';
import type { DrawnNode, MapModel } from './map-model.ts';

/** One end of an edge: how it is called, and as what it stands in a rule ('' where no rule can say it) and in the filter of the flows screen (null where none says it). */
export type MapEnd = { readonly label: string; readonly rulePeer: string; readonly flowsPeer: string | null };

/** A drawn node, or the zone whose box a bundle ends at. Labels that all of its hosts share come before the name of a host; a zone is itself. */
export function mapEndOf(model: Pick<MapModel, 'nodes' | 'groups'>, id: string): MapEnd {
  const node = model.nodes.find((each) => each.id === id);
  if (node !== undefined) return endOfNode(node);
  const group = model.groups.find((each) => each.id === id);
  return group?.zone == null ? { label: group?.label ?? id, rulePeer: '', flowsPeer: null } : { label: group.label, ...same(`zone:${group.zone}`) };
}

const same = (peer: string): Omit<MapEnd, 'label'> => ({ rulePeer: peer, flowsPeer: peer === '' ? null : peer });

function endOfNode({ kind, label, labels, zone }: DrawnNode): MapEnd {
  const byLabels = printLabels(labels);
  switch (kind) {
    case 'host':
    case 'unmanaged':
      return { label, rulePeer: byLabels === '' ? `host:${label}` : byLabels, flowsPeer: `host:${label}` };
    case 'zone':
      return { label, ...same(zone === null ? '' : `zone:${zone}`) };
    case 'app':
    case 'role':
    case 'rest':
      return { label, ...same(byLabels) };
    case 'external':
      return { label, ...same(parsePeer(label).ok ? label : `iplist:${label}`) };
    case 'peers':
      return { label, rulePeer: '', flowsPeer: null };
  }
}
