import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { loadAgain } from '../../api/load-again.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { FileChooser } from '../../editors/FileChooser.tsx';

/** Opens another workspace in this window. */
export function OpenFileDialog({ onClose }: { readonly onClose: () => void }) {
  const [path, setPath] = useState('');
  const open = useMutation(api.workspace.open.mutationOptions({ onSuccess: loadAgain }));
  return (
    <FormModal title="Open a workspace" submitText="Open" wide isBusy={open.isPending} isDisabled={path.trim() === ''} error={open.error} onClose={onClose} onSubmit={() => open.mutate({ path })}>
      <FileChooser files="workspaces" label="Workspace file" placeholder="~/work/shop.firebreak" value={path} onChange={setPath} />
    </FormModal>
  );
}
