import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button, IconButton } from '../../ui/Button.tsx';
import { DraftRulesDialog } from './DraftRulesDialog.tsx';
import { EdgeDetails } from './EdgeDetails.tsx';
import { EdgeLines } from './EdgeLines.tsx';
import { GroupDetails } from './GroupDetails.tsx';
import type { MapActions } from './map-actions.ts';
import { mapEndOf } from './map-end.ts';
import type { MapModel } from './map-model.ts';
import { type Chosen, meantEdges } from './map-selection.ts';
import { NodeDetails } from './NodeDetails.tsx';

type Props = { readonly model: MapModel; readonly chosen: Chosen; readonly actions: MapActions };

/** What is chosen on the map, beside it: one connection, one node, one open group, or several of them. */
export function MapPanel({ model, chosen, actions }: Props) {
  const { edges, nodes, groups } = chosen;
  const close = () => actions.select([]);
  const [edge, node, group] = [edges[0], nodes[0], groups[0]];
  if (edges.length + nodes.length + groups.length > 1) return <SeveralPanel model={model} chosen={chosen} actions={actions} />;
  if (edge !== undefined) {
    return (
      <PanelFrame label="Connection" title={`${mapEndOf(model, edge.source).label} → ${mapEndOf(model, edge.target).label}`} onClose={close}>
        <EdgeDetails edge={edge} model={model} />
      </PanelFrame>
    );
  }
  if (node !== undefined) {
    return (
      <PanelFrame label="Node" title={node.label} onClose={close}>
        <NodeDetails node={node} model={model} actions={actions} />
      </PanelFrame>
    );
  }
  if (group === undefined) return null;
  return (
    <PanelFrame label="Group" title={group.label} onClose={close}>
      <GroupDetails group={group} model={model} actions={actions} />
    </PanelFrame>
  );
}

/** Several at once: what lies between them, and rules for it. */
function SeveralPanel({ model, chosen, actions }: Props) {
  const [isDrafting, setDrafting] = useState(false);
  const meant = meantEdges(model, chosen);
  const open = meant.filter((edge) => edge.verdict !== 'allowed');
  const count = chosen.edges.length + chosen.nodes.length + chosen.groups.length;
  return (
    <PanelFrame label="Selection" title={`${count} selected`} onClose={() => actions.select([])}>
      <p className="muted small">Shift or Ctrl and a press adds one, Shift and a drag all in a box.</p>
      <Button isDisabled={open.length === 0} onPress={() => setDrafting(true)}>
        Draft rules for {open.length} {open.length === 1 ? 'connection' : 'connections'}
      </Button>
      {chosen.nodes.length === 0 ? null : (
        <section className="stack tight">
          <h3>Nodes</h3>
          <p className="inert">{chosen.nodes.map((node) => node.label).join(', ')}</p>
        </section>
      )}
      <EdgeLines title="Connections" edges={meant} nameOf={(edge) => `${mapEndOf(model, edge.source).label} → ${mapEndOf(model, edge.target).label}`} onEdge={(id) => actions.select([id])} />
      {isDrafting ? <DraftRulesDialog model={model} edges={open} onClose={() => setDrafting(false)} /> : null}
    </PanelFrame>
  );
}

type FrameProps = { readonly label: string; readonly title: string; readonly onClose: () => void; readonly children: ReactNode };

function PanelFrame({ label, title, onClose, children }: FrameProps) {
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
