import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ContainmentView } from '../../../shared/contract/containment.ts';
import { api } from '../../api/client.ts';
import { remainingText } from '../../editors/containment-time.ts';
import { ReleaseDialog } from '../../editors/ReleaseDialog.tsx';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryFailure } from '../../ui/StateBlocks.tsx';
import { exactTime, useNowMs } from '../../ui/TimeAgo.tsx';

/** Services of the zone that are closed now: until when, but for how many pairs, by whom and why, and the way out. */
export function ClosureNotes({ zone }: { readonly zone: string }) {
  const all = useQuery(api.containments.list.queryOptions({ input: {} }));
  const nowMs = Math.max(useNowMs(), Date.now());
  const [released, setReleased] = useState<ContainmentView | null>(null);
  const closures = (all.data ?? []).filter(({ containment, state }) => containment.kind === 'close' && containment.zone === zone && state === 'in-force' && nowMs < Date.parse(containment.endsAt));
  return (
    <>
      <QueryFailure query={all} />
      {closures.map((view) => (
        <Note key={view.containment.id} kind="error" title={titleOf(view, nowMs)}>
          <p className="note-hint inert">
            On {view.hosts.join(', ')}, until {exactTime(Date.parse(view.containment.endsAt))}, then it ends by itself. Ordered by {view.containment.by}: {view.containment.reason}
          </p>
          <Button small onPress={() => setReleased(view)}>
            Release …
          </Button>
        </Note>
      ))}
      {released === null ? null : <ReleaseDialog view={released} onClose={() => setReleased(null)} />}
    </>
  );
}

const titleOf = ({ containment, text }: ContainmentView, nowMs: number): string => `${text}. ${remainingText(Date.parse(containment.endsAt), nowMs)} left.`;
