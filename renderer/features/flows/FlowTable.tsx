import type { FlowRow } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';
import { flowColumns } from './flow-columns.tsx';
import { flowHeads } from './FlowHeads.tsx';
import { NoFlows } from './NoFlows.tsx';
import type { FlowSearch } from './flow-search.ts';
import type { FlowPages } from './use-flow-pages.ts';

type Props = {
  readonly pages: FlowPages;
  readonly search: FlowSearch;
  readonly chosen: ReadonlyMap<number, FlowRow>;
  readonly onChoose: (chosen: ReadonlyMap<number, FlowRow>) => void;
  readonly onChange: (fields: Partial<FlowSearch>) => void;
  readonly onClear: () => void;
  readonly onNearEnd: (isNearEnd: boolean) => void;
  readonly onDraft: (flow: FlowRow) => void;
  readonly onExplain: (flow: FlowRow) => void;
};

/** The rows as far as they were read; more come while scrolling. */
export function FlowTable({ pages, search, chosen, onChoose, onChange, onClear, onNearEnd, onDraft, onExplain }: Props) {
  const { rows, order } = pages;
  const choose = (flow: FlowRow, isChosen: boolean) => {
    const next = new Map(chosen);
    if (isChosen) next.set(flow.id, flow);
    else next.delete(flow.id);
    onChoose(next);
  };
  const isEvery = rows.length > 0 && rows.every((row) => chosen.has(row.id));
  const all = (
    <Check label={`Select ${rows.length === 1 ? 'the one row' : `all ${rows.length} rows`} read so far`} isSelected={isEvery} isIndeterminate={!isEvery && chosen.size > 0} onChange={(isChosen) => onChoose(new Map(isChosen ? rows.map((row) => [row.id, row]) : []))} />
  );
  return (
    <>
      <DataTable
        label="Flows"
        columns={flowColumns({ heads: flowHeads(search, order, onChange), order, selection: { chosen, choose, all }, onDraft, onExplain })}
        rows={rows}
        rowKey={(row) => row.id}
        isChosen={(row) => chosen.has(row.id)}
        onNearEnd={onNearEnd}
        empty={pages.isSearching || pages.isStopped ? null : <NoFlows search={search} onClear={onClear} />}
      />
      <Progress pages={pages} />
    </>
  );
}

/** Below the rows while more are looked for: how far back, and a way to stop. */
function Progress({ pages }: { readonly pages: FlowPages }) {
  const { isSearching, isStopped, searchedTo, order, rows, query } = pages;
  if (query.isFetchNextPageError) return <ErrorNote error={query.error} />;
  if (!isSearching && !isStopped) return null;
  const where = searchedTo === null ? '' : order === 'busiest' ? ` down to ${countText(searchedTo, 'connection')}` : ` ${order === 'oldest' ? 'up' : 'back'} to ${exactTime(searchedTo)}`;
  const found = `${rows.length.toLocaleString('en')} ${rows.length === 1 ? 'row' : 'rows'} so far`;
  return (
    <div className="search-progress" data-loading={isSearching ? '' : undefined}>
      <span className="grow muted number" role="status">
        {isSearching ? `Looking on${where}: ${found}` : `Stopped; looked${where}: ${found}`}
      </span>
      <Button small onPress={isSearching ? pages.stop : pages.goOn}>
        {isSearching ? 'Stop' : 'Go on'}
      </Button>
    </div>
  );
}
