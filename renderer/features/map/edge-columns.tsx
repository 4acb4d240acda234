import { serviceText } from '../../editors/draft-from-flow.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { MonoCell } from '../../ui/MonoCell.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_ORDER, EDGE_WORDS } from '../../ui/verdict-words.ts';
import type { DrawnEdge, MapModel } from './map-model.ts';

const servicesOf = (edge: DrawnEdge): string => [...new Set(edge.parts.map(serviceText))].join(', ');

/** Columns of the map's table; `onOpen` gets the id of an edge or of a node. */
export function edgeColumns(model: MapModel, onOpen: (id: string) => void): readonly Column<DrawnEdge>[] {
  const nodes = new Map(model.nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => nodes.get(id)?.label ?? id;
  const zoneOf = (id: string) => nodes.get(id)?.zone ?? 'none';
  const open: Column<DrawnEdge> = {
    id: 'open',
    header: <span className="visually-hidden">Details</span>,
    minPx: 84,
    cell: (edge) => (
      <Button small kind="quiet" onPress={() => onOpen(edge.id)} aria-label={`Details of ${nameOf(edge.source)} to ${nameOf(edge.target)}`}>
        Details
      </Button>
    ),
  };
  return [verdictColumn(model), ...endColumns(nameOf, zoneOf, onOpen), ...EVIDENCE_COLUMNS, open];
}

/** In the draft view also what it is now, where that differs. */
const verdictColumn = ({ lens }: MapModel): Column<DrawnEdge> => ({
  id: 'verdict',
  header: lens === 'live' ? 'Verdict' : 'Draft verdict',
  minPx: 156,
  sortBy: (edge) => EDGE_ORDER.indexOf(edge.verdict),
  cell: (edge) => (
    <span title={edge.differing === 0 ? undefined : `${edge.differing.toLocaleString('en')} differ between live and draft`}>
      <Mark meaning={edge.verdict} text={`${EDGE_WORDS[edge.verdict]}${lens === 'draft' && edge.differing > 0 ? ' *' : ''}`} />
    </span>
  ),
});

const endColumns = (nameOf: (id: string) => string, zoneOf: (id: string) => string, onOpen: (id: string) => void): readonly Column<DrawnEdge>[] => [
  ...(['source', 'target'] as const).map(
    (end): Column<DrawnEdge> => ({
      id: end,
      header: end === 'source' ? 'From' : 'To',
      minPx: 130,
      grow: 1,
      sortBy: (edge) => nameOf(edge[end]),
      cell: (edge) => (
        <button type="button" className="end-button inert" onClick={() => onOpen(edge[end])}>
          {nameOf(edge[end])}
        </button>
      ),
    }),
  ),
  { id: 'zones', header: 'Zones', minPx: 130, grow: 1, cell: (edge) => <span className="muted">{`${zoneOf(edge.source)} → ${zoneOf(edge.target)}`}</span> },
];

const EVIDENCE_COLUMNS: readonly Column<DrawnEdge>[] = [
  { id: 'services', header: 'Services', minPx: 120, grow: 1.4, sortBy: servicesOf, cell: (edge) => <MonoCell text={servicesOf(edge)} /> },
  {
    id: 'connections',
    header: 'Conns',
    minPx: 80,
    isNumber: true,
    sortBy: (edge) => -edge.connections,
    cell: (edge) => edge.connections.toLocaleString('en'),
  },
  { id: 'pairs', header: 'Pairs', minPx: 64, isNumber: true, sortBy: (edge) => -edge.pairs, cell: (edge) => edge.pairs.toLocaleString('en') },
  { id: 'last', header: 'Last seen', minPx: 100, sortBy: (edge) => -edge.lastSeenAtMs, cell: (edge) => <TimeAgo atMs={edge.lastSeenAtMs} /> },
];
