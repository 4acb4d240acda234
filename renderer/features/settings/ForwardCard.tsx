import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { AddForwardDialog } from './AddForwardDialog.tsx';
import { ForwardRow } from './ForwardRow.tsx';

/** How often the figures are looked at: what is sent meanwhile changes nothing that screens follow. */
const REFRESH_MS = 5_000;

/** Where alerts, audit entries, refused connections and pushes are sent while the window is open. */
export function ForwardCard() {
  const [isAdding, setAdding] = useState(false);
  const forwards = useQuery(api.forwards.list.queryOptions({ input: {}, refetchInterval: REFRESH_MS }));
  return (
    <section className="card" aria-label="Events out">
      <div className="card-head">
        <h2 className="grow">Events out</h2>
        <Button small icon={Plus} onPress={() => setAdding(true)} isDisabled={forwards.data === undefined}>
          Add destination
        </Button>
      </div>
      <p className="card-body small muted">
        Sent while this window is open, and by <code>firebreak forward run</code> where none is. What a destination does not take waits in the workspace and is sent again. Nothing is sent anywhere else, and nothing from a machine on which it was not confirmed.
      </p>
      <QueryState query={forwards} what="destinations">
        {(views) => (views.length === 0 ? <p className="card-body muted">Events are sent nowhere.</p> : views.map((view) => <ForwardRow key={view.name} view={view} />))}
      </QueryState>
      {isAdding ? <AddForwardDialog taken={forwards.data ?? []} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}
