import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button } from '../../ui/Button.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';

const TITLE = 'Make a stick';

/** The folder of a stick: collector, agent, instructions, and a key of its own for what is collected. */
export function MakeKitDialog({ onClose }: { readonly onClose: () => void }) {
  const [folder, setFolder] = useState('');
  const make = useMutation(api.bundles.makeKit.mutationOptions());
  if (make.data !== undefined) {
    return (
      <Modal title={TITLE} onClose={onClose} wide>
        <div className="modal-body">
          <Note kind="good" title={`Kit ${make.data.id} is written: ${make.data.files.length} files in ${make.data.folder}.`} />
          <ol className="numbered">
            <li>Carry it to each host as root, and run there: <code>sh firebreak-collect</code> (README.txt in it has the rest).</li>
            <li>Bring the stick back, and import the bundles of its folder “collected”.</li>
            <li>Keep the stick as you keep a key: its private key is on it alone. If it is lost, forget the kit here.</li>
          </ol>
        </div>
        <div className="modal-foot">
          <Button kind="primary" onPress={onClose}>
            Close
          </Button>
        </div>
      </Modal>
    );
  }
  return (
    <FormModal title={TITLE} wide submitText="Make the stick" isBusy={make.isPending} isDisabled={folder.trim() === ''} error={make.error} onClose={onClose} onSubmit={() => make.mutate({ folder: folder.trim() })}>
      <p className="muted">The collector needs no installation and changes nothing on a host. What it brings back is signed with a key that is made now, so that bundles of this stick are known as such.</p>
      <FileChooser files="any" wants="folder" label="Folder, new or empty" placeholder="/media/usb/firebreak" value={folder} onChange={setFolder} />
    </FormModal>
  );
}
