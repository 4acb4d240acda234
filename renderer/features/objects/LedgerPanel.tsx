import { useQuery } from '@tanstack/react-query';
import { RefreshCw, X } from 'lucide-react';
import { useState } from 'react';
import type { NamedListView } from '../../../shared/contract/name-views.ts';
import { api, client } from '../../api/client.ts';
import { runTask } from '../../api/task-store.ts';
import { Button, IconButton } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { NameLedger } from './NameLedger.tsx';

/** Who resolved the names of an IP list to what and when, what of it counts, and what hosts do not run yet. */
export function LedgerPanel({ list, onClose }: { readonly list: string; readonly onClose: () => void }) {
  const names = useQuery(api.policy.names.queryOptions({ input: {} }));
  const [isAsking, setAsking] = useState(false);
  const resolve = () => {
    setAsking(true);
    void runTask(`Resolve names of ${list}`, () => client.policy.resolveNames({ names: [list], from: 'both' })).then(() => setAsking(false));
  };
  return (
    <aside className="panel" aria-label={`Names of ${list}`} aria-busy={isAsking}>
      <div className="panel-head">
        <h2 className="grow inert">Names of {list}</h2>
        <Button small icon={RefreshCw} isDisabled={isAsking} onPress={resolve}>
          {isAsking ? 'Asking …' : 'Resolve now'}
        </Button>
        <IconButton label="Close names" icon={X} onPress={onClose} />
      </div>
      <QueryState query={names} what="names">
        {({ lists }) => <Ledger view={lists.find((view) => view.list === list)} />}
      </QueryState>
    </aside>
  );
}

function Ledger({ view }: { readonly view: NamedListView | undefined }) {
  if (view === undefined) return <p className="panel-body muted">This list has no host names any more.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable)
    <div className="panel-body" role="region" aria-label="Host names" tabIndex={0}>
      {view.drift.map((line) => (
        <Note key={line} kind="warning" title="Hosts run other addresses">
          <span className="inert">{line}. The next push carries it.</span>
        </Note>
      ))}
      <p className="small muted">
        An answer counts for {view.days} {view.days === 1 ? 'day' : 'days'} after it was last seen. Changed answers change no host by themselves: the plan shows them.
      </p>
      {view.names.map((name) => (
        <NameLedger key={name.name} view={name} />
      ))}
    </div>
  );
}
