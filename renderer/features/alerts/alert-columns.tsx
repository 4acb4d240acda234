import { Link } from '@tanstack/react-router';
import type { AlertView } from '../../../shared/contract/alerts.ts';
import { AlertKind } from '../../../shared/model/alert.ts';
import { Check } from '../../ui/Check.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { KindMark, StateMark } from './alert-words.tsx';

type Choice = { readonly chosen: ReadonlySet<number>; readonly onChoose: (ids: ReadonlySet<number>) => void; readonly rows: readonly AlertView[] };

/** Checks choose for acknowledging; the title opens the details, by the address. */
export function alertColumns({ chosen, onChoose, rows }: Choice): readonly Column<AlertView>[] {
  const isAll = rows.length > 0 && rows.every(({ id }) => chosen.has(id));
  const toggle = (id: number, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    onChoose(next);
  };
  return [
    {
      id: 'chosen',
      header: <Check label="Choose all alerts" isSelected={isAll} isIndeterminate={!isAll && chosen.size > 0} onChange={(isSelected) => onChoose(new Set(isSelected ? rows.map(({ id }) => id) : []))} />,
      minPx: 32,
      cell: ({ id, title }) => <Check label={`Choose ${title}`} isSelected={chosen.has(id)} onChange={(isChosen) => toggle(id, isChosen)} />,
    },
    { id: 'last', header: 'Last', minPx: 92, sortBy: (alert) => -alert.lastAtMs, cell: (alert) => <TimeAgo atMs={alert.lastAtMs} /> },
    { id: 'kind', header: 'Kind', minPx: 148, sortBy: (alert) => AlertKind.options.indexOf(alert.kind), cell: (alert) => <KindMark kind={alert.kind} /> },
    {
      id: 'title',
      header: 'What',
      minPx: 240,
      grow: 3,
      sortBy: (alert) => alert.title,
      cell: (alert) => (
        <Link from="/alerts" to="/alerts" search={(current) => ({ ...current, id: alert.id })} className="inert truncate" title={alert.title}>
          {alert.title}
        </Link>
      ),
    },
    { id: 'zone', header: 'Zone', minPx: 96, grow: 1, sortBy: (alert) => alert.zone ?? '~', cell: (alert) => (alert.zone === null ? <span className="muted">none</span> : <span className="inert">{alert.zone}</span>) },
    { id: 'state', header: 'State', minPx: 124, sortBy: (alert) => alert.state, cell: (alert) => <StateMark state={alert.state} /> },
    { id: 'count', header: 'Times', minPx: 68, isNumber: true, sortBy: (alert) => -alert.count, cell: (alert) => alert.count.toLocaleString('en') },
  ];
}
