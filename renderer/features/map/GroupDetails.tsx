import { Button } from '../../ui/Button.tsx';
import { ModeBadge } from '../../ui/ModeBadge.tsx';
import { EdgeLines } from './EdgeLines.tsx';
import type { MapActions } from './map-actions.ts';
import { mapEndOf } from './map-end.ts';
import { hostsText, type MapModel } from './map-model.ts';
import { isIn } from './map-selection.ts';

type Props = { readonly group: MapModel['groups'][number]; readonly model: MapModel; readonly actions: MapActions };

/** An open group: its size, its mode, the way to shut it, and what crosses its border. */
export function GroupDetails({ group, model, actions }: Props) {
  const inside = new Set(model.nodes.filter((node) => isIn(model, node.parent, group.id)).map((node) => node.id));
  const crossing = model.edges.filter((edge) => inside.has(edge.source) !== inside.has(edge.target));
  const mode = model.zones.find((zone) => zone.name === group.zone)?.mode;
  return (
    <>
      <div className="row">
        {mode === undefined ? null : <ModeBadge mode={mode} />}
        <span>{hostsText(group.hosts)}</span>
      </div>
      <Button onPress={() => actions.shut(group.id)}>Collapse {group.label}</Button>
      <EdgeLines title="Across its border" edges={crossing} nameOf={(edge) => `${mapEndOf(model, edge.source).label} → ${mapEndOf(model, edge.target).label}`} onEdge={(id) => actions.select([id])} />
    </>
  );
}
