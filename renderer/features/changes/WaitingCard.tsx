import { useQuery } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useState } from 'react';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { usePush } from '../../api/push-store.ts';
import { Button } from '../../ui/Button.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { DeliverDialog } from './DeliverDialog.tsx';

/** Hosts that were away when something was pushed. Absent where none was. */
export function WaitingCard() {
  const waiting = useQuery(api.pushes.waiting.queryOptions({ input: {} }));
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  const isRunning = usePush((state) => state.isRunning);
  const [isOpen, setOpen] = useState(false);
  const hosts = waiting.data ?? [];
  if (hosts.length === 0) return null;
  const byItself = settings.data?.deliverReturned === true;
  return (
    <section className="stack" aria-label="Hosts that wait">
      <div className="row">
        <h2 className="grow">Hosts that wait</h2>
        <Button small icon={Send} isDisabled={isRunning} onPress={() => setOpen(true)}>
          Deliver now …
        </Button>
      </div>
      <p className="small muted">
        {countText(hosts.length, 'host')} {hosts.length === 1 ? 'was' : 'were'} away when something was pushed. {byItself ? 'This window sends it once they answer again, within their maintenance windows.' : 'Nothing is sent by itself: see Settings.'}
      </p>
      <ul className="stack tight">
        {hosts.map((host) => (
          <li key={host.hostName}>
            <span className="strong">{host.hostName}</span> waits for version {host.version}, since <TimeAgo atMs={host.sinceMs} />
            {host.held === null ? null : <span className="small muted inert">. Not sent by itself: {host.held}</span>}
          </li>
        ))}
      </ul>
      {isOpen ? <DeliverDialog onClose={() => setOpen(false)} /> : null}
    </section>
  );
}
