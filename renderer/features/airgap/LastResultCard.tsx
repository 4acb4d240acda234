import { X } from 'lucide-react';
import { IconButton } from '../../ui/Button.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';
import { useLastResult } from './last-results.ts';
import { OutcomeList } from './OutcomeList.tsx';

/** What the last import of this window came to, with what was refused and why, until it is dismissed. */
export function LastResultCard() {
  const { last, dismiss } = useLastResult();
  if (last === null) return null;
  return (
    <section className="card" aria-label="Last import">
      <div className="card-head">
        <h2 className="grow">
          {last.title}: {last.sum}
        </h2>
        <span className="small muted">
          <TimeAgo atMs={last.atMs} />
        </span>
        <IconButton label="Dismiss the last import" icon={X} onPress={dismiss} />
      </div>
      <div className="card-body">
        <OutcomeList label="Results of the last import" lines={last.lines} />
      </div>
    </section>
  );
}
