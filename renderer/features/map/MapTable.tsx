import { Network } from 'lucide-react';
import { Button } from '../../ui/Button.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_ORDER, EDGE_WORDS } from '../../ui/verdict-words.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';
import type { MapSelection } from './map-core.ts';
import type { DrawnEdge, MapModel } from './map-model.ts';

type Props = { readonly model: MapModel; readonly selection: MapSelection; readonly onSelect: (selection: MapSelection) => void };

/** The same connections as rows; pressing one opens the same side panel as its edge. */
export function MapTable({ model, selection, onSelect }: Props) {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => nodes.get(id)?.label ?? id;
  const services = (edge: DrawnEdge) => [...new Set(edge.parts.map(serviceText))].join(', ');
  const pressingFirst = model.edges.toSorted((a, b) => EDGE_ORDER.indexOf(a.verdict) - EDGE_ORDER.indexOf(b.verdict) || nameOf(a.source).localeCompare(nameOf(b.source), 'en', { numeric: true }));
  const columns: readonly Column<DrawnEdge>[] = [
    { id: 'verdict', header: 'Verdict', minPx: 156, sortBy: (edge) => EDGE_ORDER.indexOf(edge.verdict), cell: (edge) => <Mark meaning={edge.verdict} text={EDGE_WORDS[edge.verdict]} /> },
    { id: 'source', header: 'From', minPx: 130, grow: 1, sortBy: (edge) => nameOf(edge.source), cell: (edge) => <span className="inert">{nameOf(edge.source)}</span> },
    { id: 'target', header: 'To', minPx: 130, grow: 1, sortBy: (edge) => nameOf(edge.target), cell: (edge) => <span className="inert">{nameOf(edge.target)}</span> },
    { id: 'zones', header: 'Zones', minPx: 130, grow: 1, cell: (edge) => <span className="muted">{nodes.get(edge.source)?.zone ?? 'none'} → {nodes.get(edge.target)?.zone ?? 'none'}</span> },
    { id: 'services', header: 'Services', minPx: 120, grow: 1.4, sortBy: services, cell: (edge) => <span className="mono" title={services(edge)}>{services(edge)}</span> },
    { id: 'connections', header: 'Conns', minPx: 80, isNumber: true, sortBy: (edge) => -edge.connections, cell: (edge) => edge.connections.toLocaleString('en') },
    { id: 'last', header: 'Last seen', minPx: 100, sortBy: (edge) => -edge.lastSeenAtMs, cell: (edge) => <TimeAgo atMs={edge.lastSeenAtMs} /> },
    {
      id: 'open',
      header: <span className="visually-hidden">Details</span>,
      minPx: 84,
      cell: (edge) => (
        <Button small kind="quiet" onPress={() => onSelect({ kind: 'edge', id: edge.id })} aria-label={`Details of ${nameOf(edge.source)} to ${nameOf(edge.target)}`}>
          Details
        </Button>
      ),
    },
  ];
  const empty = (
    <EmptyState icon={Network} title="Nothing matches">
      Change or clear the filters.
    </EmptyState>
  );
  return <DataTable label="Connections" columns={columns} rows={pressingFirst} rowKey={(edge) => edge.id} isChosen={(edge) => selection?.id === edge.id} empty={empty} />;
}
