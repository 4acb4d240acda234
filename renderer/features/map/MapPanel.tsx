import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { IconButton } from '../../ui/Button.tsx';
import { EdgeDetails, type EdgeEnd } from './EdgeDetails.tsx';
import type { MapSelection } from './map-core.ts';
import type { MapModel } from './map-model.ts';
import { NodeDetails } from './NodeDetails.tsx';

type Props = { readonly model: MapModel; readonly selection: NonNullable<MapSelection>; readonly onSelect: (selection: MapSelection) => void };

/** What was pressed on the map, beside it. Nothing is shown for what a filter has just taken away. */
export function MapPanel({ model, selection, onSelect }: Props) {
  const close = () => onSelect(null);
  if (selection.kind === 'edge') {
    const edge = model.edges.find((each) => each.id === selection.id);
    if (edge === undefined) return null;
    const [source, target] = [endOf(model, edge.source), endOf(model, edge.target)];
    return (
      <PanelFrame label="Connection" title={`${source.label} → ${target.label}`} onClose={close}>
        <EdgeDetails edge={edge} source={source} target={target} nameOf={(id) => model.nodes.find((node) => node.id === id)?.label ?? id} />
      </PanelFrame>
    );
  }
  const node = model.nodes.find((each) => each.id === selection.id);
  if (node === undefined) return null;
  return (
    <PanelFrame label="Node" title={node.label} onClose={close}>
      <NodeDetails node={node} model={model} onEdge={(id) => onSelect({ kind: 'edge', id })} />
    </PanelFrame>
  );
}

/** A drawn node, or the zone whose box a bundle ends at. */
function endOf(model: MapModel, id: string): EdgeEnd {
  const node = model.nodes.find((each) => each.id === id);
  return node === undefined
    ? { kind: 'zone', label: id.replace(/^zone:/, ''), host: null }
    : { kind: node.kind, label: node.label, host: node.members[0]?.host ?? null };
}

function PanelFrame({
  label,
  title,
  onClose,
  children,
}: {
  readonly label: string;
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  return (
    <aside className="panel" aria-label={label}>
      <div className="panel-head">
        <h2 className="grow inert">{title}</h2>
        <IconButton label="Close panel" icon={X} onPress={onClose} />
      </div>
      <div className="panel-body">{children}</div>
    </aside>
  );
}
