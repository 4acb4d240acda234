import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { useState } from 'react';
import type { MatrixCellDetail, MatrixEnd } from '../../../shared/contract/reach-views.ts';
import { api } from '../../api/client.ts';
import { serviceText } from '../../editors/draft-from-flow.ts';
import { RuleDialog } from '../../editors/RuleDialog.tsx';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Mark } from '../../ui/Mark.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { EDGE_WORDS } from '../../ui/verdict-words.ts';
import { PermitList } from './PermitList.tsx';

type PanelProps = { readonly from: string; readonly to: string; readonly sinceMs: number | null; readonly onClose: () => void };

/** One cell in full: services seen, what passes by either policy, the rules, and the ways on. */
export function MatrixPanel({ from, to, sinceMs, onClose }: PanelProps) {
  const cell = useQuery(api.reach.cell.queryOptions({ input: { from, to, sinceMs } }));
  return (
    <aside className="panel" aria-label="Pair of zones">
      <div className="panel-head">
        <h2 className="grow inert">{cell.data === undefined ? '…' : `${cell.data.from.name} → ${cell.data.to.name}`}</h2>
        <IconButton label="Close panel" icon={X} onPress={onClose} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="panel-body" role="region" aria-label="Services and rules" tabIndex={0}>
        <QueryState query={cell} what="this pair">
          {(detail) => <CellDetail detail={detail} />}
        </QueryState>
      </div>
    </aside>
  );
}

/** As a filter of flows or an end of a rule; null where neither can say it. */
const peerOf = ({ kind, name }: MatrixEnd): string | null => (kind === 'zone' ? `zone:${name}` : null);

function CellDetail({ detail }: { readonly detail: MatrixCellDetail }) {
  const [isDrafting, setDrafting] = useState(false);
  const [from, to] = [peerOf(detail.from), peerOf(detail.to)];
  const open = detail.seen.filter(({ worst }) => worst !== 'allowed');
  return (
    <>
      <div className="row">
        <Button small onPress={() => setDrafting(true)}>
          Draft a rule
        </Button>
        <Link className="button plain small" to="/flows" search={{ ...(from === null ? {} : { from }), ...(to === null ? {} : { to }) }}>
          Show its flows
        </Link>
        {from === null ? null : (
          <Link className="button plain small" to="/reach" search={{ of: from }}>
            Reach
          </Link>
        )}
      </div>
      <SeenList seen={detail.seen} />
      <PermitList title="Live policy" permit={detail.live} />
      <PermitList title="Draft, once enforced" permit={detail.draft} />
      <RuleList rules={detail.rules} />
      {isDrafting ? (
        <RuleDialog
          changed={null}
          initial={{ from: from ?? (detail.from.kind === 'any' ? 'any' : ''), to: to ?? (detail.to.kind === 'any' ? 'any' : ''), services: [...new Set(open.map(serviceText))].join(',') }}
          basis={open.length === 0 ? 'Nothing that lacks a rule was seen between the two in this period.' : `Services that were seen between the two and that no rule explains: ${open.length}.`}
          onClose={() => setDrafting(false)}
        />
      ) : null}
    </>
  );
}

function SeenList({ seen }: { readonly seen: MatrixCellDetail['seen'] }) {
  return (
    <section className="stack tight" aria-label="Seen">
      <h3>Seen</h3>
      {seen.length === 0 ? <p className="muted">Nothing in this period.</p> : null}
      <ul className="reach-list">
        {seen.map((one) => (
          <li key={serviceText(one)}>
            <div className="row spread">
              <span className="mono">{serviceText(one)}</span>
              <Mark meaning={one.worst} text={EDGE_WORDS[one.worst]} />
            </div>
            <span className="muted small">
              {one.connections.toLocaleString('en')} {one.connections === 1 ? 'connection' : 'connections'}, last <TimeAgo atMs={one.lastSeenAtMs} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function RuleList({ rules }: { readonly rules: MatrixCellDetail['rules'] }) {
  if (rules.length === 0) return null;
  return (
    <section className="stack tight" aria-label="Rules">
      <h3>Rules</h3>
      <ul className="reach-list">
        {rules.map(({ id, text, inDraft }) => (
          <li key={id}>
            {inDraft ? (
              <Link to="/rules" search={{ find: id }} className="mono">
                {id}
              </Link>
            ) : (
              <span className="mono">{id}</span>
            )}
            <span className="small inert">{text}</span>
            {inDraft ? null : <span className="muted small">no longer in the draft; some host still runs it</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
