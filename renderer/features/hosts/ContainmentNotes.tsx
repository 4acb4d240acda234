import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { ContainmentView } from '../../../shared/contract/containment.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Note } from '../../ui/Note.tsx';
import { QueryFailure } from '../../ui/StateBlocks.tsx';
import { exactTime, useNowMs } from '../../ui/TimeAgo.tsx';
import { containmentsOf, remainingText } from '../../editors/containment-time.ts';
import { ReleaseDialog } from '../../editors/ReleaseDialog.tsx';

/** What contains a host now: until when, by whom and why, and the way out. Nothing for all others. */
export function ContainmentNotes({ hostName }: { readonly hostName: string }) {
  const all = useQuery(api.containments.list.queryOptions({ input: {} }));
  const nowMs = Math.max(useNowMs(), Date.now());
  const [released, setReleased] = useState<ContainmentView | null>(null);
  return (
    <>
      {/* Without it a quarantined host would look like any other. */}
      <QueryFailure query={all} />
      {containmentsOf(all.data ?? [], hostName, nowMs).map((view) => (
        <Note key={view.containment.id} kind="error" title={titleOf(view, nowMs)}>
          <p className="note-hint inert">
            Until {exactTime(Date.parse(view.containment.endsAt))}, then it ends by itself. Ordered by {view.containment.by}: {view.containment.reason}
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

function titleOf({ containment, text }: ContainmentView, nowMs: number): string {
  const left = remainingText(Date.parse(containment.endsAt), nowMs);
  return containment.kind === 'quarantine' ? `Quarantined: only SSH from the consoles gets through. ${left} left.` : `${text}. ${left} left.`;
}
