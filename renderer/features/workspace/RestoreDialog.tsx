import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { hasCode } from '../../api/error-sentence.ts';
import { loadAgain } from '../../api/load-again.ts';
import { Check } from '../../ui/Check.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { FileChooser } from '../../editors/FileChooser.tsx';

/** Goes back to a backup. What that loses is asked of the backend first; only who has read it can go on. */
export function RestoreDialog({ onClose }: { readonly onClose: () => void }) {
  const [backup, setBackup] = useState('');
  const [isAgreed, setAgreed] = useState(false);
  const restore = useMutation(api.workspace.restore.mutationOptions({ onSuccess: loadAgain }));
  const isAsking = hasCode(restore.error, 'RESTORE_LOSES');
  const choose = (path: string) => {
    setBackup(path);
    setAgreed(false);
    restore.reset();
  };
  return (
    <FormModal
      title="Restore a backup"
      submitText={isAsking ? 'Restore and lose these' : 'Restore'}
      wide
      isDanger={isAsking}
      isBusy={restore.isPending}
      isDisabled={backup.trim() === '' || (isAsking && !isAgreed)}
      error={restore.error}
      onClose={onClose}
      onSubmit={() => restore.mutate({ backup, replace: isAsking && isAgreed })}
    >
      <p>This workspace becomes what the backup has. The current file is kept beside it, and what would be lost is told before anything is changed. Hosts go on as they are.</p>
      <FileChooser files="workspaces" label="Backup" placeholder="shop.firebreak.20261128-203015.backup" value={backup} onChange={choose} />
      {isAsking ? (
        <Check isSelected={isAgreed} onChange={setAgreed}>
          Go back all the same; keep the current file aside
        </Check>
      ) : null}
    </FormModal>
  );
}
