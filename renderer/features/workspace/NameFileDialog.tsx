import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { loadAgain } from '../../api/load-again.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { folderOf, workspaceName } from '../../ui/workspace-name.ts';

type Props = { readonly openPath: string; readonly onClose: () => void };
/** `openPath` is null while it is not known. */
type NewProps = { readonly openPath: string | null; readonly onClose: () => void };

/** Makes an empty workspace and opens it in this window. */
export function NewWorkspaceDialog({ openPath, onClose }: NewProps) {
  const [path, setPath] = useState('');
  const create = useMutation(api.workspace.create.mutationOptions({ onSuccess: loadAgain }));
  return (
    <FormModal title="New workspace" submitText="Make and open" isBusy={create.isPending} isDisabled={path.trim() === ''} error={create.error} onClose={onClose} onSubmit={() => create.mutate({ path })}>
      <TextInput label="Name or path" value={path} onChange={setPath} mono autoFocus placeholder="branch-office" note={`A bare name lies ${openPath === null ? 'beside the open workspace' : `in ${folderOf(openPath)}`}; the ending .firebreak is added. Nothing is overwritten.`} />
    </FormModal>
  );
}

/** Copies the open workspace; the window stays where it is. */
export function DuplicateDialog({ openPath, onClose, onMade }: Props & { readonly onMade: (path: string) => void }) {
  const [path, setPath] = useState(`${workspaceName(openPath)}-copy.firebreak`);
  const duplicate = useMutation(api.workspace.duplicate.mutationOptions({ onSuccess: (made) => onMade(made.path) }));
  return (
    <FormModal title="Duplicate this workspace" submitText="Duplicate" isBusy={duplicate.isPending} isDisabled={path.trim() === ''} error={duplicate.error} onClose={onClose} onSubmit={() => duplicate.mutate({ path })}>
      <TextInput label="Name or path of the copy" value={path} onChange={setPath} mono autoFocus note={`A bare name lies in ${folderOf(openPath)}. Nothing is overwritten.`} />
      <p>Both know the same hosts and sign with the same key: try things in the copy, and push from one of them only.</p>
    </FormModal>
  );
}
