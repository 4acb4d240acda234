import { useMutation, useQuery } from '@tanstack/react-query';
import { Lock } from 'lucide-react';
import { api } from '../../api/client.ts';
import { loadAgain } from '../../api/load-again.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { TimeAgo } from '../../ui/TimeAgo.tsx';

/** How often a window that only looks asks whether the other is gone. */
const ASK_EVERY_MS = 3000;

/** Says on every screen that this window only looks, who writes, and offers to take over when that console has ended. Nothing where this window writes. */
export function HeldCard() {
  const info = useQuery({ ...api.workspace.info.queryOptions({ input: {} }), refetchInterval: ({ state }) => (state.data?.readOnly === true ? ASK_EVERY_MS : false) });
  const takeOver = useMutation(api.workspace.takeOver.mutationOptions({ onSuccess: loadAgain }));
  const holder = info.data?.holder ?? null;
  if (holder === null) return null;
  return (
    <section className="draft-card" aria-label="Read-only">
      <div className="row">
        <Lock size={14} aria-hidden />
        <span className="grow strong">Read-only</span>
      </div>
      <p className="small">
        {holder.isAlive ? `Open in ${holder.user}’s console (process ${holder.pid}), since ` : `${holder.user}’s console has ended; it was open since `}
        <TimeAgo atMs={holder.sinceMs} />.
      </p>
      <Button small isDisabled={holder.isAlive} isPending={takeOver.isPending} onPress={() => takeOver.mutate({})}>
        Take over
      </Button>
      {takeOver.error === null ? null : <ErrorNote error={takeOver.error} />}
    </section>
  );
}
