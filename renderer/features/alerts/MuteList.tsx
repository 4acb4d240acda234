import { useMutation, useQuery } from '@tanstack/react-query';
import { muteText } from '../../../shared/alerts/mute-text.ts';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { QueryFailure } from '../../ui/StateBlocks.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';

/** What is muted, until when, and the way to end it. */
export function MuteList() {
  const mutes = useQuery(api.alerts.mutes.queryOptions({ input: {} }));
  const unmute = useMutation(api.alerts.unmute.mutationOptions());
  return (
    <section aria-label="Mutes" className="stack tight">
      <h3>Muted</h3>
      <QueryFailure query={mutes} />
      {mutes.data?.length === 0 ? <p className="muted">Nothing is muted.</p> : null}
      {(mutes.data ?? []).map((mute) => (
        <div key={mute.id} className="row">
          <span className="grow inert" title={mute.note}>
            {muteText(mute)} until {exactTime(mute.untilMs)}, by {mute.by}
          </span>
          <Button small isPending={unmute.isPending} onPress={() => unmute.mutate({ id: mute.id })} aria-label={`Unmute ${muteText(mute)}`}>
            Unmute
          </Button>
        </div>
      ))}
      {unmute.error === null ? null : <ErrorNote error={unmute.error} />}
    </section>
  );
}
