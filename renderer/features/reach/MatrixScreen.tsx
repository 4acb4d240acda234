import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Download, Grid3x3, Printer } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { MatrixView } from '../../../shared/contract/reach-views.ts';
import { api, client } from '../../api/client.ts';
import { AddHostsLink } from '../../ui/AddHostsLink.tsx';
import { Button } from '../../ui/Button.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { MatrixGrid } from './MatrixGrid.tsx';
import { MatrixLegend } from './MatrixLegend.tsx';
import { MatrixPanel } from './MatrixPanel.tsx';
import { MATRIX_LAYERS, MATRIX_PERIODS, type MatrixSearch, sinceOf } from './reach-search.ts';
import { useLayerKeys } from './use-layer-keys.ts';

const layers = [
  { value: 'seen', text: 'Seen' },
  { value: 'live', text: 'Live policy' },
  { value: 'draft', text: 'Draft' },
] as const;

/** Each zone with each: what was seen between them, and what passes by the rules that hosts run and by the draft. */
export function MatrixScreen() {
  const search = useSearch({ from: '/matrix' });
  const navigate = useNavigate({ from: '/matrix' });
  const [openedAtMs] = useState(() => Date.now());
  const sinceMs = sinceOf(search.period, openedAtMs);
  const matrix = useQuery({ ...api.reach.matrix.queryOptions({ input: { sinceMs } }), placeholderData: (previous) => previous });
  const exported = useMutation({
    mutationFn: () => client.reach.matrixCsv({ sinceMs }),
    onSuccess: ({ text }) => saveFile('matrix.csv', new Blob([text], { type: 'text/csv' })),
  });
  const layer = search.layer ?? 'seen';
  const change = (fields: Partial<MatrixSearch>) => void navigate({ search: (current) => ({ ...current, ...fields }), replace: true });
  const close = () => change({ from: undefined, to: undefined });
  useLayerKeys({ toggle: () => change({ layer: MATRIX_LAYERS[(MATRIX_LAYERS.indexOf(layer) + 1) % MATRIX_LAYERS.length] }), close });
  return (
    <div className="page">
      <PageHead title="Matrix" detail={matrix.data === undefined ? '' : detailOf(matrix.data)}>
        <Button icon={Printer} onPress={() => window.print()}>
          Print
        </Button>
        <Button icon={Download} isDisabled={exported.isPending} onPress={() => exported.mutate()}>
          Export CSV
        </Button>
      </PageHead>
      <div className="page-tools">
        <SearchInput label="Filter zones" value={search.text ?? ''} onChange={(text) => change({ text: text === '' ? undefined : text })} />
        <Segments label="What cells show" value={layer} options={layers} onChange={(value) => change({ layer: value })} />
        <Choice label="Period" labelHidden value={search.period ?? '7d'} options={MATRIX_PERIODS} onChange={(period) => change({ period })} />
        <MatrixLegend layer={layer} />
      </div>
      {exported.error === null ? null : <ErrorNote error={exported.error} />}
      <div className="split">
        <QueryState query={matrix} what="the matrix">
          {(view) => <MatrixBody view={view} search={search} change={change} />}
        </QueryState>
        {search.from === undefined || search.to === undefined ? null : <MatrixPanel key={`${search.from} ${search.to}`} from={search.from} to={search.to} sinceMs={sinceMs} onClose={close} />}
      </div>
    </div>
  );
}

function detailOf({ ends, cells }: MatrixView): string {
  const zones = ends.filter(({ kind }) => kind === 'zone').length;
  const pairs = cells.filter(({ from, to, seen }) => from !== 'any' && to !== 'any' && seen.connections > 0).length;
  return `${zones} ${zones === 1 ? 'zone' : 'zones'}; ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} with traffic. Rows reach columns.`;
}

type BodyProps = { readonly view: MatrixView; readonly search: MatrixSearch; readonly change: (fields: Partial<MatrixSearch>) => void };

function MatrixBody({ view, search, change }: BodyProps) {
  const text = (search.text ?? '').trim().toLowerCase();
  const ends = useMemo(() => view.ends.filter(({ kind, name }) => kind !== 'zone' || name.toLowerCase().includes(text)), [view.ends, text]);
  if (view.ends.every(({ kind, hosts }) => kind === 'outside' || hosts === 0)) {
    return (
      <EmptyState icon={Grid3x3} title="Nobody to compare yet" action={<AddHostsLink />}>
        Add hosts and put them into zones. Then each zone is a row and a column here, with what passes between them.
      </EmptyState>
    );
  }
  return (
    <div className="split-main">
      <MatrixGrid ends={ends} cells={view.cells} layer={search.layer ?? 'seen'} chosen={search} onChoose={(from, to) => change({ from, to })} />
    </div>
  );
}
