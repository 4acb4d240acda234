import { Network } from 'lucide-react';
import { DataTable } from '../../ui/DataTable.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { EDGE_ORDER } from '../../ui/verdict-words.ts';
import { edgeColumns } from './edge-columns.tsx';
import type { MapSelection } from './map-core.ts';
import type { MapModel } from './map-model.ts';

type Props = { readonly model: MapModel; readonly selection: MapSelection; readonly onSelect: (id: string) => void };

/** The same connections as rows, the most pressing first; pressing one opens the same side panel as its edge, pressing an end that of its node. */
export function MapTable({ model, selection, onSelect }: Props) {
  const labels = new Map(model.nodes.map((node) => [node.id, node.label]));
  const nameOf = (id: string) => labels.get(id) ?? id;
  const chosen = new Set(selection);
  const pressingFirst = model.edges.toSorted(
    (a, b) => EDGE_ORDER.indexOf(a.verdict) - EDGE_ORDER.indexOf(b.verdict) || nameOf(a.source).localeCompare(nameOf(b.source), 'en', { numeric: true }),
  );
  return (
    <DataTable
      label="Connections"
      columns={edgeColumns(model, onSelect)}
      rows={pressingFirst}
      rowKey={(edge) => edge.id}
      isChosen={(edge) => chosen.has(edge.id)}
      empty={
        <EmptyState icon={Network} title="Nothing matches">
          Change or clear the filters.
        </EmptyState>
      }
    />
  );
}
