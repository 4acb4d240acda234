import { useState } from 'react';
import type { ReachQuery, ReachRow, ReachView } from '../../../shared/contract/reach-views.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { EmptyState } from '../../ui/StateBlocks.tsx';
import { ShieldCheck } from 'lucide-react';
import { ReachFigures } from './ReachFigures.tsx';
import { reachColumns, rowContains } from './reach-columns.tsx';

type ResultProps = {
  readonly view: ReachView;
  readonly asked: ReachQuery;
  readonly chosen: string | undefined;
  readonly onPath: (host: string) => void;
  readonly onStart: (host: string) => void;
};

/** The figures, what they leave open, and each host that is reached. */
export function ReachResult({ view, asked, chosen, onPath, onStart }: ResultProps) {
  const [filter, setFilter] = useState('');
  const rows = filter === '' ? view.rows : view.rows.filter((row) => rowContains(row, filter));
  return (
    <div className="split-main">
      <ReachFigures view={view} asked={asked} />
      <details className="reach-notes">
        <summary>What the figures rest on</summary>
        <ul>
          {view.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </details>
      <div className="page-tools">
        <SearchInput label="Filter hosts" value={filter} onChange={setFilter} />
        <OutsideLine view={view} asked={asked} />
      </div>
      <DataTable
        label={asked.direction === 'out' ? 'Hosts that are reached' : 'Hosts that reach it'}
        columns={reachColumns({ direction: asked.direction, onPath, onStart, hasPath: !asked.of.startsWith('zone:') })}
        rows={rows}
        rowKey={(row: ReachRow) => row.host}
        isChosen={(row) => row.host === chosen}
        empty={<Nobody isFiltered={view.rows.length > 0} asked={asked} />}
      />
    </div>
  );
}

function OutsideLine({ view: { outside }, asked: { direction } }: Pick<ResultProps, 'view' | 'asked'>) {
  if (outside.length === 0) return <span className="muted">{direction === 'out' ? 'It opens no connection to addresses that no rule names.' : 'No address that no rule names reaches it.'}</span>;
  const isEvery = outside.some(({ basis }) => basis === 'other');
  return (
    <span className="muted">
      {direction === 'out' ? 'It also reaches any other address on ' : 'Any other address reaches it on '}
      {isEvery ? 'every port' : <span className="mono">{outside.map(({ text }) => text).join(', ')}</span>}
      {outside.every(({ verdict }) => verdict === 'would-block') ? ', only because it tests' : ''}
    </span>
  );
}

function Nobody({ isFiltered, asked: { direction, of, policy } }: { readonly isFiltered: boolean; readonly asked: ReachQuery }) {
  if (isFiltered) {
    return (
      <EmptyState icon={ShieldCheck} title="No host matches">
        Change or clear the filter.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={ShieldCheck} title={direction === 'out' ? `${of} reaches nobody` : `Nobody reaches ${of}`}>
      {policy === 'live' ? 'By what hosts run now, no service that listens lets a connection through.' : 'Once the draft is enforced, no service that listens lets a connection through.'}
    </EmptyState>
  );
}
