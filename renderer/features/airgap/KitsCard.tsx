import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { KitView } from '../../../shared/contract/bundles.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** Sticks that were made; one that is lost is forgotten, and its bundles are refused from then on. */
export function KitsCard() {
  const kits = useQuery(api.bundles.kits.queryOptions({ input: {} }));
  return (
    <section className="card" aria-label="Sticks">
      <div className="card-head">
        <h2>Sticks</h2>
      </div>
      <QueryState query={kits} what="sticks">
        {(rows) => (rows.length === 0 ? <p className="card-body muted">No stick was made from this workspace.</p> : <KitTable kits={rows} />)}
      </QueryState>
    </section>
  );
}

function KitTable({ kits }: { readonly kits: readonly KitView[] }) {
  return (
    <table className="plain-table" aria-label="Sticks">
      <thead>
        <tr>
          <th scope="col">Kit</th>
          <th scope="col">Made</th>
          <th scope="col">By</th>
          <th scope="col" className="number">
            Bundles
          </th>
          <th scope="col">
            <span className="visually-hidden">Forget</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {kits.map((kit) => (
          <KitRow key={kit.id} kit={kit} />
        ))}
      </tbody>
    </table>
  );
}

function KitRow({ kit: { id, madeAtMs, madeBy, bundles } }: { readonly kit: KitView }) {
  const [isAsked, setAsked] = useState(false);
  const forget = useMutation(api.bundles.forgetKit.mutationOptions());
  return (
    <tr>
      <td className="mono">{id}</td>
      <td>
        <TimeAgo atMs={madeAtMs} />
      </td>
      <td>{madeBy}</td>
      <td className="number">{bundles.toLocaleString('en')}</td>
      <td>
        <div className="row">
          {isAsked ? (
            <>
              <Button small kind="danger" isDisabled={forget.isPending} onPress={() => forget.mutate({ id })}>
                Refuse its bundles from now on
              </Button>
              <Button small onPress={() => setAsked(false)}>
                Keep
              </Button>
            </>
          ) : (
            <Button small aria-label={`Forget ${id}`} onPress={() => setAsked(true)}>
              Forget
            </Button>
          )}
        </div>
        {forget.error === null ? null : <ErrorNote error={forget.error} />}
      </td>
    </tr>
  );
}
