import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { MAX_LIST_CHARS } from '../../../shared/contract/host-imports.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { OpenFileButton } from '../../ui/OpenFileButton.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { HostListPreview } from './HostListPreview.tsx';

/** Hosts from a CSV file, as a CMDB exports them: read while it is typed, told what would come of each row, and added in one step. Nothing is sent to a host. */
export function ImportHostsDialog({ onClose }: { readonly onClose: () => void }) {
  const [file, setFile] = useState({ text: '', fileName: 'hosts.csv' });
  const read = useDeferredValue(file);
  const isTyped = read.text.trim() !== '';
  const preview = useQuery({ ...api.hosts.importList.queryOptions({ input: { ...read, dryRun: true } }), enabled: isTyped, gcTime: 0, placeholderData: (previous) => previous });
  const importList = useMutation(api.hosts.importList.mutationOptions({ onSuccess: onClose }));
  const count = preview.data?.added.length ?? 0;
  const isCurrent = read === file && !preview.isFetching && preview.error === null;
  return (
    <FormModal
      title="Import a list of hosts"
      wide
      submitText={isTyped && count > 0 ? `Add ${countText(count, 'host')}` : 'Add hosts'}
      isBusy={importList.isPending}
      isDisabled={!isTyped || !isCurrent || count === 0}
      error={importList.error}
      onClose={onClose}
      onSubmit={() => importList.mutate({ ...file, dryRun: false })}
    >
      <div className="row">
        <OpenFileButton types={['.csv', '.tsv', '.txt']} maxBytes={MAX_LIST_CHARS} onOpen={setFile} />
      </div>
      <TextInput
        label="List of hosts (CSV)"
        mono
        rows={8}
        value={file.text}
        onChange={(text) => setFile({ ...file, text })}
        placeholder={'name,address,role,env'}
        note="The first line names the columns: name, and address or ssh ([USER@]HOST[:PORT], with identity, sudo and jump). Every other column becomes a label; what a label cannot have is written as -."
      />
      {isTyped && preview.error !== null ? <ErrorNote error={preview.error} /> : null}
      {isTyped && preview.data !== undefined ? <HostListPreview result={preview.data} /> : null}
    </FormModal>
  );
}
