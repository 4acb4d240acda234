import type { FlowRow, HostView } from '../../../shared/contract/views.ts';
import { type SeenEnd, serviceText } from '../../editors/draft-from-flow.ts';
import { Button } from '../../ui/Button.tsx';
import type { Column } from '../../ui/DataTable.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { draftWords, KERNEL_WORDS } from '../../ui/verdict-words.ts';

const fromName = (flow: FlowRow): string => (flow.direction === 'out' ? flow.reporterName : flow.peerName);
const toName = (flow: FlowRow): string => (flow.direction === 'out' ? flow.peerName : flow.reporterName);

/** Consumer and provider of a flow: what was reported as `out` began at the reporter, everything else at the peer. */
export function endsOfFlow(flow: FlowRow, hosts: readonly HostView[]): { from: SeenEnd; to: SeenEnd } {
  const reporter: SeenEnd = { name: flow.reporterName, host: hosts.find((host) => host.id === flow.reporter) ?? null };
  const peer: SeenEnd = {
    name: flow.peerHost === null && flow.peerName === '' ? flow.peerAddress : flow.peerName,
    host: hosts.find((host) => host.id === flow.peerHost) ?? null,
  };
  return flow.direction === 'out' ? { from: reporter, to: peer } : { from: peer, to: reporter };
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
  <span className={address === null ? 'inert strong' : 'inert'} title={address ?? name}>
    {name}
  </span>
);

export function flowColumns(onDraft: (flow: FlowRow) => void): readonly Column<FlowRow>[] {
  return [
    { id: 'last', header: 'Last seen', minPx: 96, sortBy: (flow) => -flow.lastSeenAtMs, cell: (flow) => <TimeAgo atMs={flow.lastSeenAtMs} /> },
    {
      id: 'from',
      header: 'From',
      minPx: 110,
      grow: 1.2,
      sortBy: fromName,
      cell: (flow) => <End name={fromName(flow)} address={flow.direction === 'out' ? null : flow.peerAddress} />,
    },
    {
      id: 'to',
      header: 'To',
      minPx: 110,
      grow: 1.2,
      sortBy: toName,
      cell: (flow) => <End name={toName(flow)} address={flow.direction === 'out' ? flow.peerAddress : null} />,
    },
    { id: 'service', header: 'Service', minPx: 96, sortBy: (flow) => flow.port, cell: (flow) => <span className="mono">{serviceText(flow)}</span> },
    { id: 'verdict', header: 'Kernel did', minPx: 116, sortBy: (flow) => flow.verdict, cell: (flow) => <Mark {...KERNEL_WORDS[flow.verdict]} /> },
    { id: 'draft', header: 'Draft would', minPx: 108, sortBy: (flow) => flow.draft.kind, cell: (flow) => <DraftMark flow={flow} /> },
    {
      id: 'user',
      header: 'User',
      minPx: 92,
      grow: 0.7,
      sortBy: (flow) => flow.user ?? '~',
      cell: (flow) => (flow.user === null ? <span className="muted">unknown</span> : <span className="inert">{flow.user}</span>),
    },
    {
      id: 'unit',
      header: 'Unit',
      minPx: 130,
      grow: 1.2,
      sortBy: (flow) => flow.unit ?? '~',
      cell: (flow) =>
        flow.unit === null ? (
          <span className="muted">unknown</span>
        ) : (
          <span className="inert" title={flow.unit}>
            {flow.unit}
          </span>
        ),
    },
    {
      id: 'connections',
      header: 'Conns',
      minPx: 72,
      isNumber: true,
      sortBy: (flow) => -flow.connections,
      cell: (flow) => flow.connections.toLocaleString('en'),
    },
    {
      id: 'act',
      header: <span className="visually-hidden">Actions</span>,
      minPx: 96,
      cell: (flow) =>
        flow.draft.kind === 'allowed' ? null : (
          <Button small kind="quiet" onPress={() => onDraft(flow)} aria-label={`Draft a rule for ${fromName(flow)} to ${toName(flow)} ${serviceText(flow)}`}>
            Draft rule
          </Button>
        ),
    },
  ];
}
