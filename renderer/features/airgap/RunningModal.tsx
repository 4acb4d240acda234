import { Button } from '../../ui/Button.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { ProgressBar } from '../../ui/ProgressBar.tsx';

type Props = { readonly title: string; readonly path: string; readonly run: { readonly text: string; readonly done: number; readonly total: number }; readonly note: string; readonly onStop: () => void; readonly onClose: () => void };

/** How far a command of a dialog is, and a way to end it. */
export function RunningModal({ title, path, run: { text, done, total }, note, onStop, onClose }: Props) {
  return (
    <Modal title={title} onClose={onClose} wide>
      <div className="modal-body">
        <p className="mono small inert">{path}</p>
        <ProgressBar label={title} done={done} total={total} />
        <p className="small muted inert" role="status">
          {total === 0 ? text : `${done} of ${total}: ${text}`}
        </p>
        <p className="muted">{note}</p>
      </div>
      <div className="modal-foot">
        <Button onPress={onStop}>Cancel</Button>
      </div>
    </Modal>
  );
}
