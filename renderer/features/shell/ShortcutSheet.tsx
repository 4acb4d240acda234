import { Fragment } from 'react';
import { SCREENS } from '../../routes.ts';
import { Modal } from '../../ui/Modal.tsx';

const others: readonly (readonly [string, readonly string[]])[] = [
  ['Filter this list', ['/']],
  ['Add (host, zone, rule) on its screen', ['n']],
  ['Map: picture or table', ['t']],
  ['Map: fit to window', ['0']],
  ['Close a dialog or a side panel', ['Esc']],
  ['This sheet', ['?']],
];

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose}>
      <div className="modal-body">
        <div className="shortcut-list">
          {SCREENS.map((screen) => (
            <Fragment key={screen.path}>
              <span>{screen.title}</span>
              <span className="row">
                <kbd>g</kbd>
                <kbd>{screen.goKey}</kbd>
                <span className="muted">or</span>
                <kbd>Alt {screen.digit}</kbd>
              </span>
            </Fragment>
          ))}
          {others.map(([text, keys]) => (
            <Fragment key={text}>
              <span>{text}</span>
              <span className="row">
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </span>
            </Fragment>
          ))}
        </div>
      </div>
    </Modal>
  );
}
