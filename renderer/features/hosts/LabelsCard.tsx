import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostLabels, LabelEntry, WaitingLabel } from '../../../shared/contract/label-rules.ts';
import { api } from '../../api/client.ts';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { AcceptLabelDialog } from './AcceptLabelDialog.tsx';
import { WaitingLabels } from './WaitingLabels.tsx';

/** Every label of a host with where it comes from, and what the host says that does not count yet. */
export function LabelsCard({ hostName }: { readonly hostName: string }) {
  const labels = useQuery(api.labelRules.ofHost.queryOptions({ input: { name: hostName } }));
  const [accepted, setAccepted] = useState<readonly WaitingLabel[] | null>(null);
  return (
    <section className="card" aria-label="Where its labels come from">
      <div className="card-head">
        <h2>Where its labels come from</h2>
      </div>
      <QueryState query={labels} what="labels">
        {(data) => <Sources labels={data} onAccept={setAccepted} />}
      </QueryState>
      {accepted === null ? null : <AcceptLabelDialog waiting={accepted} onClose={() => setAccepted(null)} />}
    </section>
  );
}

function Sources({ labels: { entries, waiting }, onAccept }: { readonly labels: HostLabels; readonly onAccept: (waiting: readonly WaitingLabel[]) => void }) {
  return (
    <>
      {entries.length === 0 ? (
        <p className="card-body muted">No labels: no zone and no rule means this host by them.</p>
      ) : entries.every(({ source, disagrees }) => source.kind === 'hand' && disagrees.length === 0) ? (
        <p className="card-body muted">All of them were set by hand.</p>
      ) : (
        <table className="plain-table inert">
          <thead>
            <tr>
              <th scope="col">Label</th>
              <th scope="col">Comes from</th>
            </tr>
          </thead>
          <tbody>
            {entries.map((entry) => (
              <tr key={entry.key}>
                <td className="mono">
                  {entry.key}={entry.value}
                </td>
                <td>
                  {sourceText(entry)}
                  {entry.disagrees.map((other) => (
                    <p key={other.rule} className="small muted">
                      label rule {other.number} says {other.value}, and does not win
                    </p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {waiting.length === 0 ? null : (
        <div className="card-body stack">
          <WaitingLabels waiting={waiting} onAccept={onAccept} />
        </div>
      )}
    </>
  );
}

function sourceText({ source }: LabelEntry): string {
  if (source.kind === 'hand') return 'set by hand';
  return `label rule ${source.number}: ${source.because}${source.by === 'host' ? '; accepted' : ''}`;
}
