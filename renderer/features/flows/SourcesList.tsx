import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FlowSource } from '../../../shared/model/flow-source.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** The logs that were imported, newest first; each can be taken out again with all of its flows, after it was asked for twice. */
export function SourcesList() {
  const sources = useQuery(api.flows.sources.queryOptions({ input: {} }));
  return (
    <section className="stack tight" aria-label="Imported logs">
      <h3>Imported before</h3>
      <QueryState query={sources} what="imported logs">
        {(rows) => (rows.length === 0 ? <p className="muted small">No log was imported into this workspace.</p> : <SourceTable rows={rows} />)}
      </QueryState>
    </section>
  );
}

function SourceTable({ rows }: { readonly rows: readonly FlowSource[] }) {
  return (
    <table className="plain-table" aria-label="Imported logs">
      <thead>
        <tr>
          <th scope="col">File</th>
          <th scope="col">Format</th>
          <th scope="col" className="number">
            Flows
          </th>
          <th scope="col">Imported</th>
          <th scope="col">
            <span className="visually-hidden">Remove</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((source) => (
          <SourceRow key={source.id} source={source} />
        ))}
      </tbody>
    </table>
  );
}

function SourceRow({ source: { id, name, importedAtMs, importedBy, figures } }: { readonly source: FlowSource }) {
  const [isAsked, setAsked] = useState(false);
  const remove = useMutation(api.flows.removeSource.mutationOptions());
  return (
    <tr>
      <td className="inert">{name}</td>
      <td>{figures.format}</td>
      <td className="number">{figures.flows.toLocaleString('en')}</td>
      <td>
        <TimeAgo atMs={importedAtMs} />, {importedBy}
      </td>
      <td>
        <div className="row">
          {isAsked ? (
            <>
              <Button small kind="danger" aria-label={`Remove its flows: ${name}, source ${id}`} isDisabled={remove.isPending} onPress={() => remove.mutate({ id })}>
                Remove its flows
              </Button>
              <Button small aria-label={`Keep ${name}, source ${id}`} onPress={() => setAsked(false)}>
                Keep
              </Button>
            </>
          ) : (
            <Button small aria-label={`Remove ${name}, source ${id}`} onPress={() => setAsked(true)}>
              Remove
            </Button>
          )}
        </div>
        {remove.error === null ? null : <ErrorNote error={remove.error} />}
      </td>
    </tr>
  );
}
