import type { ReactNode } from 'react';
import type { FlowOrder } from '../../../shared/contract/flow-pages.ts';
import type { FlowRow } from '../../../shared/contract/views.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';
import { Button } from '../../ui/Button.tsx';
import { Check } from '../../ui/Check.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { draftWords, KERNEL_WORDS } from '../../ui/verdict-words.ts';

const fromName = (flow: FlowRow): string => (flow.direction === 'out' ? flow.reporterName : flow.peerName);
const toName = (flow: FlowRow): string => (flow.direction === 'out' ? flow.peerName : flow.reporterName);

/** The process has a question mark where it was inferred; it is left out where the unit is named after it. What was imported has its source instead: no agent saw who it was. */
function UnitAndProcess({ flow }: { readonly flow: FlowRow }) {
  if (flow.origin !== null) {
    return (
      <span className="inert muted" title={`imported from ${flow.origin.name} (${flow.origin.format}); who opened it: ${flow.origin.confidence}`}>
        {`from ${flow.origin.name}${flow.origin.confidence === 'exact' ? '' : ' ?'}`}
      </span>
    );
  }
  const process = flow.process === null ? null : `${flow.process}${flow.processConfidence === 'exact' ? '' : ' ?'}`;
  const words = [flow.unit, flow.unit === `${flow.process}.service` ? null : process].filter((word) => word !== null);
  if (words.length === 0) return <span className="muted">unknown</span>;
  const how = { exact: `process ${flow.process}`, inferred: `process ${flow.process}, inferred`, unknown: 'process unknown' }[flow.processConfidence];
  return (
    <span className="inert" title={`${flow.unit ?? 'unit unknown'}, ${how}`}>
      {words.join(' · ')}
    </span>
  );
}

function DraftMark({ flow }: { readonly flow: FlowRow }) {
  const { meaning, text, detail } = draftWords(flow.draft);
  return (
    <span title={detail}>
      <Mark meaning={meaning} text={text} />
    </span>
  );
}

/** The end that reported the flow is set strong. */
const End = ({ name, address }: { readonly name: string; readonly address: string | null }) => (
  <span className={address === null ? 'inert strong' : 'inert'} title={address === null || address === name ? name : `${name}\n${address}`}>
    {name}
  </span>
);

type Actions = { readonly onDraft: (flow: FlowRow) => void; readonly onExplain: (flow: FlowRow) => void };
/** Heads that do more than name their column, by its id. */
export type FlowHeads = Readonly<Partial<Record<'last' | 'service' | 'user' | 'unit' | 'connections', ReactNode>>>;
type Selection = { readonly chosen: ReadonlyMap<number, FlowRow>; readonly choose: (flow: FlowRow, isChosen: boolean) => void; readonly all: ReactNode };
type Options = Actions & { readonly heads: FlowHeads; readonly order: FlowOrder; readonly selection: Selection };

const labelOf = (flow: FlowRow): string => `${fromName(flow)} to ${toName(flow)} ${serviceText(flow)}`;

function RowActions({ flow, onDraft, onExplain }: Actions & { readonly flow: FlowRow }) {
  return (
    <span className="row">
      {flow.direction === 'forward' ? null : (
        <Button small kind="quiet" onPress={() => onExplain(flow)} aria-label={`Why? ${labelOf(flow)}`}>
          Why?
        </Button>
      )}
      {flow.draft.kind === 'allowed' ? null : (
        <Button small kind="quiet" onPress={() => onDraft(flow)} aria-label={`Draft rule for ${labelOf(flow)}`}>
          Draft
        </Button>
      )}
    </span>
  );
}

const ARIA_SORT = { newest: 'descending', oldest: 'ascending', busiest: 'none' } as const;

/** No column sorts in the page: it holds a part of the rows, and only what has an index can be ordered whole. */
export function flowColumns({ heads, order, selection, ...actions }: Options): readonly Column<FlowRow>[] {
  return [
    { id: 'choose', header: selection.all, minPx: 32, cell: (flow) => <Check label={`Select ${labelOf(flow)}`} isSelected={selection.chosen.has(flow.id)} onChange={(isChosen) => selection.choose(flow, isChosen)} /> },
    { id: 'last', header: heads.last, ariaSort: ARIA_SORT[order], minPx: 92, cell: (flow) => <TimeAgo atMs={flow.lastSeenAtMs} /> },
    { id: 'from', header: 'From', minPx: 130, grow: 1, cell: (flow) => <End name={fromName(flow)} address={flow.direction === 'out' ? null : flow.peerAddress} /> },
    { id: 'to', header: 'To', minPx: 130, grow: 1, cell: (flow) => <End name={toName(flow)} address={flow.direction === 'out' ? flow.peerAddress : null} /> },
    { id: 'service', header: heads.service, minPx: 94, cell: (flow) => <span className="mono">{serviceText(flow)}</span> },
    { id: 'verdict', header: 'Kernel did', minPx: 106, cell: (flow) => <Mark {...KERNEL_WORDS[flow.verdict]} /> },
    { id: 'draft', header: 'Draft would', minPx: 100, cell: (flow) => <DraftMark flow={flow} /> },
    { id: 'user', header: heads.user, minPx: 78, grow: 0.4, cell: (flow) => (flow.user === null ? <span className="muted">unknown</span> : <span className="inert">{flow.user}</span>) },
    { id: 'unit', header: heads.unit, minPx: 106, grow: 1.2, cell: (flow) => <UnitAndProcess flow={flow} /> },
    { id: 'connections', header: heads.connections, ariaSort: order === 'busiest' ? 'descending' : 'none', minPx: 70, isNumber: true, cell: (flow) => flow.connections.toLocaleString('en') },
    { id: 'act', header: <span className="visually-hidden">Actions</span>, minPx: 104, cell: (flow) => <RowActions flow={flow} {...actions} /> },
  ];
}
