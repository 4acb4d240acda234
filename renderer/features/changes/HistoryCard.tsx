import { useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { Push } from '../../../shared/model/diff.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { OutcomeMark } from './OutcomeMark.tsx';
import { PushDialog } from './PushDialog.tsx';
import { RollbackDialog } from './RollbackDialog.tsx';

/** What was pushed, newest first; and the way back from the last. */
export function HistoryCard() {
  const pushes = useQuery(api.pushes.list.queryOptions({ input: {} }));
  const [shown, setShown] = useState<Push | null>(null);
  const [isAsking, setAsking] = useState(false);
  return (
    <section className="stack" aria-label="History">
      <div className="row">
        <h2 className="grow">History</h2>
        {pushes.data?.some((push) => push.hosts.some((host) => host.step === 'confirmed')) === true ? (
          <Button small icon={Undo2} onPress={() => setAsking(true)}>
            Roll back
          </Button>
        ) : null}
      </div>
      <QueryState query={pushes} what="history">
        {(rows) =>
          rows.length === 0 ? (
            <p className="muted">No push yet. Each one is listed here with what every host did.</p>
          ) : (
            <ul className="history">
              {rows
                .toSorted((a, b) => b.startedAtMs - a.startedAtMs)
                .map((push) => (
                  <li key={push.id}>
                    <button type="button" className="history-row" onClick={() => setShown(push)}>
                      <span className="row spread">
                        <span className="strong">{push.kind === 'rollback' ? 'Rollback' : `Version ${push.version}`}</span>
                        <OutcomeMark outcome={push.outcome} />
                      </span>
                      <span className="small muted row spread">
                        <span className="truncate">{push.note === '' ? countText(push.hosts.length, 'host') : push.note}</span>
                        <span className="nowrap">
                          {push.author}, <TimeAgo atMs={push.startedAtMs} />
                        </span>
                      </span>
                    </button>
                  </li>
                ))}
            </ul>
          )
        }
      </QueryState>
      {shown === null ? null : <PushDialog push={shown} onClose={() => setShown(null)} />}
      {isAsking ? <RollbackDialog onClose={() => setAsking(false)} /> : null}
    </section>
  );
}
