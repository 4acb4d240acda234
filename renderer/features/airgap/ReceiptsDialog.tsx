import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FileChooser } from '../../editors/FileChooser.tsx';
import { Button } from '../../ui/Button.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Modal } from '../../ui/Modal.tsx';
import { Note } from '../../ui/Note.tsx';
import { useLastResult } from './last-results.ts';
import { receiptLine, sumReceipts } from './outcome-text.ts';
import { OutcomeList } from './OutcomeList.tsx';

const TITLE = 'Import receipts';

/** What hosts did with the rules that were carried to them: first told, then taken. */
export function ReceiptsDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState('');
  const show = useLastResult((state) => state.show);
  const look = useMutation(api.bundles.receipts.mutationOptions());
  const take = useMutation(
    api.bundles.receipts.mutationOptions({ onSuccess: ({ receipts }) => show({ title: TITLE, sum: sumReceipts(receipts, false), lines: receipts.map(receiptLine), atMs: Date.now() }) }),
  );
  const told = take.data ?? look.data;
  const isDryRun = take.data === undefined;
  const input = (dryRun: boolean) => ({ paths: [path.trim()], dryRun });
  if (told === undefined) {
    return (
      <FormModal title={TITLE} wide submitText="Look at them" isBusy={look.isPending} isDisabled={path.trim() === ''} error={look.error} onClose={onClose} onSubmit={() => look.mutate(input(true))}>
        <p className="muted">What firebreak-apply wrote on the stick: signed, in the host’s own words. Unsigned and repeated ones are refused.</p>
        <FileChooser files="any" wants="either" label="Receipt, or folder of receipts" placeholder="/media/usb/firebreak/receipts" value={path} onChange={setPath} />
      </FormModal>
    );
  }
  const taken = told.receipts.filter(({ outcome }) => outcome === 'taken').length;
  const isTroubled = told.receipts.some((one) => one.outcome === 'refused' || one.step !== 'confirmed');
  return (
    <Modal title={TITLE} onClose={onClose} wide>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard (axe scrollable-region-focusable) */}
      <div className="modal-body" role="region" aria-label="What the receipts say" tabIndex={0}>
        {told.receipts.length === 0 ? (
          <Note kind="warning" title="There is no receipt there. Receipts end in .tar.gz." />
        ) : (
          <Note kind={isDryRun ? 'plain' : isTroubled ? 'warning' : 'good'} title={`${sumReceipts(told.receipts, isDryRun)}.`}>
            {isDryRun ? <p>Nothing is stored yet.</p> : null}
          </Note>
        )}
        {told.receipts.length === 0 ? null : <OutcomeList label={isDryRun ? 'What would become of each receipt' : 'What became of each receipt'} lines={told.receipts.map(receiptLine)} />}
        {take.error === null ? null : <ErrorNote error={take.error} />}
      </div>
      <div className="modal-foot">
        <Button
          onPress={() => {
            look.reset();
            take.reset();
          }}
        >
          Choose others
        </Button>
        {isDryRun && taken > 0 ? (
          <Button kind="primary" isPending={take.isPending} onPress={() => take.mutate(input(false))}>{`Take ${taken} ${taken === 1 ? 'receipt' : 'receipts'}`}</Button>
        ) : (
          <Button kind="primary" onPress={onClose}>
            Close
          </Button>
        )}
      </div>
    </Modal>
  );
}
