import { useMutation, useQuery } from '@tanstack/react-query';
import { Download, ScrollText, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import type { AuditEvent } from '../../../shared/contract/views.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api, client } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { type Column, DataTable } from '../../ui/DataTable.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { Note } from '../../ui/Note.tsx';
import { PageHead } from '../../ui/PageHead.tsx';
import { saveFile } from '../../ui/save-file.ts';
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

/** The newest of many, or all of few. */
const eventsText = (events: readonly AuditEvent[] | undefined): string =>
  events === undefined ? '' : events.length === SHOWN_EVENTS ? `the newest ${SHOWN_EVENTS.toLocaleString('en')} events; ` : `${events.length.toLocaleString('en')} ${events.length === 1 ? 'event' : 'events'}; `;

const contains = (event: AuditEvent, text: string): boolean =>
  [event.actor, event.action, event.subject, event.detail].some((field) => field.toLowerCase().includes(text.toLowerCase()));

/** Every command that changed something, by whoever ran it, and the check of the chain that makes changes to this list visible. */
export function AuditScreen() {
  const [filter, setFilter] = useState('');
  const events = useQuery(api.audit.list.queryOptions({ input: { limit: SHOWN_EVENTS, beforeSeq: null } }));
  const save = useMutation({
    mutationFn: async (format: 'csv' | 'jsonl') => {
      // As blobs, which the browser keeps outside of the page's memory.
      const parts: Blob[] = [];
      for await (const event of await client.audit.exportText({ format })) if (event.type === 'part') parts.push(new Blob([event.text]));
      return { format, parts };
    },
    onSuccess: ({ format, parts }) => saveFile(`audit.${format}`, new Blob(parts, { type: format === 'csv' ? 'text/csv' : 'application/x-ndjson' })),
  });
  const verify = useMutation({ mutationFn: () => client.audit.verify({}) });
  return (
    <div className="page">
      <PageHead title="Audit" detail={`${eventsText(events.data)}append-only, hash-chained`}>
        <Button icon={Download} onPress={() => save.mutate('csv')} isDisabled={save.isPending}>
          Export CSV
        </Button>
        <Button icon={Download} onPress={() => save.mutate('jsonl')} isDisabled={save.isPending}>
          Export JSON lines
        </Button>
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
      {save.error === null ? null : <ErrorNote error={save.error} />}
      <div className="page-body flush">
        <QueryState query={events} what="audit events">
          {(rows) => (
            <DataTable
              label="Audit events"
              columns={columns}
              rows={filter === '' ? rows : rows.filter((event) => contains(event, filter))}
              rowKey={(event) => event.seq}
              empty={
                <EmptyState
                  icon={ScrollText}
                  title={filter === '' ? 'Nothing recorded yet' : 'No event matches'}
                  action={filter === '' ? null : <Button onPress={() => setFilter('')}>Clear the filter</Button>}
                >
                  {filter === '' ? 'The first command that changes something, like adding a host, makes the first entry.' : 'None has these words in who, did, to what or detail.'}
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
    <Note kind="good" title={`The chain is whole: ${entries === 1 ? 'its one entry fits' : `all ${countText(entries, 'entry')} fit`}.`} />
  ) : (
    <Note kind="error" title={`The chain is broken at entry ${brokenAt} of ${entries}: it or an entry before it was changed outside of Firebreak.`} />
  );
}
