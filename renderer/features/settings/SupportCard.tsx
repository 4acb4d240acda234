import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { Button } from '../../ui/Button.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { saveFile } from '../../ui/save-file.ts';
import { QueryState } from '../../ui/StateBlocks.tsx';
import { Setting } from './Setting.tsx';

/** When something in Firebreak itself is wrong: a text for who can mend it, read here before it is saved. */
export function SupportCard() {
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="card" aria-label="Support">
      <div className="card-head">
        <h2 className="grow">Support</h2>
      </div>
      <Setting
        name="Support file"
        note="Versions, figures and the end of the log, to find a fault with. Names and addresses are replaced, rules, flows and passwords are not in it. Nothing is sent: you read it, save it, and give it to whom you choose."
      >
        <Button onPress={() => setOpen(true)}>Look at it …</Button>
      </Setting>
      {isOpen ? <SupportModal onClose={() => setOpen(false)} /> : null}
    </section>
  );
}

function SupportModal({ onClose }: { readonly onClose: () => void }) {
  // Made anew each time: the log has gone on since.
  const support = useQuery({ ...api.workspace.support.queryOptions({ input: {} }), gcTime: 0, staleTime: Number.POSITIVE_INFINITY });
  const text = support.data?.text;
  return (
    <Modal title="Support file" onClose={onClose} wide>
      <div className="modal-body">
        <QueryState query={support} what="support file">
          {(made) => (
            // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable)
            <pre className="support-text" role="region" aria-label="What is in it" tabIndex={0}>
              {made.text}
            </pre>
          )}
        </QueryState>
      </div>
      <div className="modal-foot">
        <Button onPress={onClose}>Close</Button>
        <Button kind="primary" isDisabled={text === undefined} onPress={() => text !== undefined && saveFile('firebreak-support.txt', new Blob([text], { type: 'text/plain' }))}>
          Save …
        </Button>
      </div>
    </Modal>
  );
}
