import { X } from 'lucide-react';
import { usePush } from '../../api/push-store.ts';
import { IconButton } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { OutcomeMark } from './OutcomeMark.tsx';
import { PushTracks } from './PushTracks.tsx';
import { StopButton } from './StopButton.tsx';

/** The push that this window started, live. */
export function PushProgress() {
  const { push, isRunning, error, clear } = usePush();
  return (
    <section className="card" aria-label="Push in progress">
      <div className="card-head">
        {isRunning && push === null ? <span className="spinner" aria-hidden /> : null}
        <h2 className="grow">{push === null ? (isRunning ? 'Starting the push …' : 'No push began, as far as this window knows') : `${push.kind === 'rollback' ? 'Rollback' : 'Push'} of version ${push.version}`}</h2>
        <span role="status">{push === null ? null : <OutcomeMark outcome={push.outcome} />}</span>
        {isRunning && push !== null ? <StopButton push={push} /> : null}
        {isRunning ? null : <IconButton label="Close progress" icon={X} onPress={clear} />}
      </div>
      {error === null ? null : (
        <div className="card-body">
          <ErrorNote error={error} />
        </div>
      )}
      {push === null ? null : <PushTracks hosts={push.hosts} />}
    </section>
  );
}
