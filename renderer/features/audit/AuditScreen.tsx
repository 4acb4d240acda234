import { useMutation, useQuery } from '@tanstack/react-query';
import { ScrollText, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent } from '../../../shared/contract/views.ts';
import { api, client } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { SearchInput } from '../../ui/SearchInput.tsx';
import { EmptyState, QueryState } from '../../ui/StateBlocks.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';

const SHOWN_EVENTS = 5000;

const columns: readonly Column<AuditEvent>[] = [
  { id: 'seq', header: 'No.', minPx: 64, isNumber: true, cell: (event) => event.seq, sortBy: (event) => event.seq },
  { id: 'at', header: 'Time', minPx: 170, cell: (event) => exactTime(event.atMs), sortBy: (event) => event.atMs },
  { id: 'actor', header: 'Who', minPx: 110, cell: (event) => <span title={event.actor}>{event.actor}</span>, sortBy: (event) => event.actor },
  { id: 'action', header: 'Did', minPx: 170, cell: (event) => <span className="strong">{event.action}</span>, sortBy: (event) => event.action },
  {
    id: 'subject',
    header: 'To what',
    minPx: 120,
    grow: 1,
    cell: (event) => (
      <span className="inert" title={event.subject}>
        {event.subject}
      </span>
    ),
    sortBy: (event) => event.subject,
  },
  {
    id: 'detail',
    header: 'Detail',
    minPx: 180,
    grow: 2,
    cell: (event) => (
      <span className="inert muted" title={event.detail}>
        {event.detail}
      </span>
    ),
  },
  { id: 'hash', header: 'Hash', minPx: 120, cell: (event) => <code title={event.hash}>{event.hash.slice(0, 12)}</code> },
];

const contains = (event: AuditEvent, text: string): boolean =>
  [event.actor, event.action, event.subject, event.detail].some((field) => field.toLowerCase().includes(text.toLowerCase()));

/** Every command that changed something, by whoever ran it, and the check of the chain that makes changes to this list visible. */
export function AuditScreen() {
  const [filter, setFilter] = useState('');
  const events = useQuery(api.audit.list.queryOptions({ input: { limit: SHOWN_EVENTS, beforeSeq: null } }));
  const verify = useMutation({ mutationFn: () => client.audit.verify({}) });
  return (
    <div className="page">
      <PageHead title="Audit" detail="append-only, hash-chained">
        <Button icon={ShieldCheck} onPress={() => verify.mutate()} isDisabled={verify.isPending}>
          Verify chain
        </Button>
      </PageHead>
      <div className="page-tools">
        <SearchInput label="Filter events" value={filter} onChange={setFilter} />
        <div className="grow" role="status">
          {verify.data === undefined ? null : <ChainNote {...verify.data} />}
        </div>
      </div>
      {verify.error === null ? null : <ErrorNote error={verify.error} />}
      <div className="page-body flush">
        <QueryState query={events} what="audit events">
          {(rows) => (
            <DataTable
              label="Audit events"
              columns={columns}
              rows={filter === '' ? rows : rows.filter((event) => contains(event, filter))}
              rowKey={(event) => event.seq}
              empty={
                <EmptyState icon={ScrollText} title={filter === '' ? 'Nothing recorded yet' : 'No event matches'}>
                  {filter === '' ? 'The first command that changes something, like adding a host, makes the first entry.' : 'Change or clear the filter.'}
                </EmptyState>
              }
            />
          )}
        </QueryState>
      </div>
    </div>
  );
}

function ChainNote({ entries, brokenAt }: { readonly entries: number; readonly brokenAt: number | null }) {
  return brokenAt === null ? (
    <Note kind="good" title={`The chain is whole: all ${entries} entries fit.`} />
  ) : (
    <Note kind="error" title={`The chain is broken at entry ${brokenAt} of ${entries}: it or an entry before it was changed outside of Firebreak.`} />
  );
}
