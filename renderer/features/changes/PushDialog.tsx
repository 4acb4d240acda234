import type { Push } from '../../../shared/model/diff.ts';
import { Modal } from '../../ui/Modal.tsx';
import { exactTime } from '../../ui/TimeAgo.tsx';
import { OutcomeMark } from './OutcomeMark.tsx';
import { PushTracks } from './PushTracks.tsx';

/** One push of the past, host by host. */
export function PushDialog({ push, onClose }: { readonly push: Push; readonly onClose: () => void }) {
  return (
    <Modal title={`${push.kind === 'rollback' ? 'Rollback' : 'Push'} of version ${push.version}`} wide onClose={onClose}>
      <div className="modal-body">
        <dl className="facts">
          <dt>Outcome</dt>
          <dd>
            <OutcomeMark outcome={push.outcome} />
          </dd>
          <dt>By</dt>
          <dd>
            {push.author}, {exactTime(push.startedAtMs)}
            {push.endedAtMs === null ? '' : `, took ${Math.round((push.endedAtMs - push.startedAtMs) / 1000)} s`}
          </dd>
          <dt>Confirm window</dt>
          <dd>{push.confirmWithinSeconds} s</dd>
          <dt>Live connections</dt>
          <dd>{push.sessions === 'cut' ? 'those that it forbids were to be cut' : 'kept, but those that a containment forbids'}</dd>
          <dt>Note</dt>
          <dd>{push.note === '' ? <span className="muted">none given</span> : push.note}</dd>
        </dl>
        <PushTracks hosts={push.hosts} />
      </div>
    </Modal>
  );
}
