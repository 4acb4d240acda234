import { Fragment } from 'react';
import { SCREENS } from '../../routes.ts';
import { Modal } from '../../ui/Modal.tsx';

const others: readonly (readonly [string, readonly string[]])[] = [
  ['Search everything, or run a command', ['Ctrl K', '⌘ K']],
  ['Filter this list', ['/']],
  ['Add (host, zone, rule) on its screen', ['n']],
  ['Map: picture or table', ['t']],
  ['Map: live or draft', ['d']],
  ['Map: find', ['f']],
  ['Map: open or shut the chosen group', ['Enter']],
  ['Map: fit to window', ['0']],
  ['Matrix and reach: live or draft', ['d']],
  ['Undo, redo an edit of the draft', ['Ctrl Z', 'Ctrl ⇧ Z']],
  ['Rules: edit a cell, select its rule', ['Enter', 'Space']],
  ['Close a dialog or a side panel', ['Esc']],
  ['This sheet', ['?']],
];

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  return (
    <Modal title="Keyboard shortcuts" onClose={onClose} wide>
      <div className="modal-body shortcuts">
        <section className="shortcut-list" aria-label="Screens">
          {SCREENS.map((screen) => (
            <Fragment key={screen.path}>
              <span>{screen.title}</span>
              <span className="row">
                <kbd>g</kbd>
                <kbd>{screen.goKey}</kbd>
                {screen.digit === null ? null : (
                  <>
                    <span className="muted">or</span>
                    <kbd>Alt {screen.digit}</kbd>
                  </>
                )}
              </span>
            </Fragment>
          ))}
        </section>
        <section className="shortcut-list" aria-label="Commands">
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
        </section>
      </div>
    </Modal>
  );
}
