import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostTimeline, TimelineKind } from '../../../shared/contract/host-timeline.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../ui/Choice.tsx';
import { Button } from '../../ui/Button.tsx';
import { Mark, type Meaning } from '../../ui/Mark.tsx';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

const KINDS: Readonly<Record<TimelineKind, string>> = { push: 'Push', mode: 'Mode', labels: 'Labels', command: 'Command', event: 'Agent' };
const CHOICES = [
  { value: 'all', text: 'Everything' },
  { value: 'push', text: 'Pushes' },
  { value: 'mode', text: 'Mode changes' },
  { value: 'labels', text: 'Label changes' },
  { value: 'command', text: 'Other commands' },
  { value: 'event', text: 'Agent events' },
] as const satisfies readonly { value: TimelineKind | 'all'; text: string }[];
const SHOWN = 20;

/** What happened is marked where it went well or badly; everything else is only said. */
function meaningOf(title: string): Meaning {
  if (/tampered|rolled-back|failed|unknown/.test(title)) return 'would-block';
  return /confirmed|restored|repaired|installed$/.test(title) ? 'allowed' : 'no-rule';
}

/** What is stored of what happened to the host, newest first: pushes, modes, labels, commands, and what the agent recorded. */
export function TimelineCard({ hostName }: { readonly hostName: string }) {
  const timeline = useQuery(api.hosts.timeline.queryOptions({ input: { name: hostName } }));
  const [kind, setKind] = useState<(typeof CHOICES)[number]['value']>('all');
  return (
    <section className="card" aria-label="Timeline">
      <div className="card-head">
        <h2 className="grow">Timeline</h2>
        <Choice label="Show" labelHidden value={kind} options={CHOICES} onChange={setKind} />
      </div>
      <QueryState query={timeline} what="timeline">
        {(data) => <Entries timeline={data} kind={kind} />}
      </QueryState>
    </section>
  );
}

function Entries({ timeline, kind }: { readonly timeline: HostTimeline; readonly kind: TimelineKind | 'all' }) {
  const [isOpen, setOpen] = useState(false);
  const wanted = timeline.entries.filter((entry) => kind === 'all' || entry.kind === kind);
  const shown = isOpen ? wanted : wanted.slice(0, SHOWN);
  if (wanted.length === 0) return <p className="card-body muted">Nothing of this kind is stored.</p>;
  return (
    <>
      <table className="plain-table inert timeline">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Kind</th>
            <th scope="col">What</th>
            <th scope="col">By</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((entry, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two events of one moment may read the same
            <tr key={`${entry.atMs} ${index}`}>
              <td>
                <TimeAgo atMs={entry.atMs} />
              </td>
              <td className="muted">{KINDS[entry.kind]}</td>
              <td>
                <Mark meaning={meaningOf(entry.title)} text={entry.title} />
              </td>
              <td>{entry.by}</td>
              <td className="event-text">{entry.detail.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, '$1')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {wanted.length > SHOWN ? (
        <div className="card-body row">
          <Button small onPress={() => setOpen(!isOpen)}>
            {isOpen ? 'Show the newest' : `Show all ${wanted.length}`}
          </Button>
        </div>
      ) : null}
      {timeline.isCut ? <p className="card-body small muted">Older entries are not listed here; the audit log has them.</p> : null}
    </>
  );
}
