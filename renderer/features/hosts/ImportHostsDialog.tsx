import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { HostImportResult } from '../../../shared/contract/host-imports.ts';
import { countText } from '../../../shared/text/amount-text.ts';
import { api } from '../../api/client.ts';
import { Check } from '../../ui/Check.tsx';
import { ErrorNote } from '../../ui/ErrorNote.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { HostListPreview } from './HostListPreview.tsx';
import { EMPTY_IMPORT, type ImportForm, readIdentity, readImportForm } from './import-form.ts';
import { ImportSourceFields } from './ImportSourceFields.tsx';

const kinds = [
  { value: 'csv', text: 'CSV list' },
  { value: 'ssh-config', text: 'SSH configuration' },
  { value: 'ansible', text: 'Ansible inventory' },
  { value: 'probe', text: 'Network' },
] as const;

/** Hosts from what people have already: read while it is chosen, told what would come of each, and added in one step. Nothing is sent to a host, but that a network is asked for SSH when somebody says so. */
export function ImportHostsDialog({ onClose }: { readonly onClose: () => void }) {
  const [form, setForm] = useState<ImportForm>(EMPTY_IMPORT);
  const [update, setUpdate] = useState(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const set = (fields: Partial<ImportForm>) => setForm((current) => ({ ...current, ...fields }));
  const read = useDeferredValue(form);
  const source = readImportForm(read);
  const input = source === null ? null : { source, update, identity: readIdentity(read) };
  const preview = useQuery({ ...api.hosts.importList.queryOptions({ input: { ...(input ?? NOTHING), dryRun: true } }), enabled: input !== null, gcTime: 0, staleTime: 0, retry: false, placeholderData: keepPreviousData });
  const result = input !== null && preview.data !== undefined ? preview.data : null;
  const importList = useMutation(api.hosts.importList.mutationOptions({ onSuccess: onClose }));
  const picked = result === null ? [] : namesToTake(result, update).filter((name) => !left.has(name));
  const isCurrent = read === form && !preview.isFetching && preview.error === null;
  return (
    <FormModal
      title="Import hosts"
      wide
      submitText={submitText(result, update, left)}
      isBusy={importList.isPending}
      isDisabled={result === null || !isCurrent || picked.length === 0}
      error={importList.error}
      onClose={onClose}
      onSubmit={() => (input === null ? undefined : importList.mutate({ ...input, only: left.size === 0 ? null : picked, dryRun: false }))}
    >
      <Segments
        label="Where from"
        value={form.kind}
        options={kinds}
        onChange={(kind) => {
          set({ kind });
          setLeft(new Set());
        }}
      />
      <ImportSourceFields form={form} set={set} result={result} />
      {source === null ? null : <TextInput label="Key file where none is named" value={form.keyPath} onChange={(keyPath) => set({ keyPath })} mono placeholder="none: ssh-agent is asked" />}
      {input !== null && preview.error !== null ? <ErrorNote error={preview.error} /> : null}
      {result === null ? null : (
        <>
          {result.changed.length === 0 ? null : (
            <Check isSelected={update} onChange={setUpdate}>
              Change hosts that are there to what the source says
            </Check>
          )}
          <HostListPreview kind={form.kind} result={result} update={update} left={left} onLeave={setLeft} />
        </>
      )}
    </FormModal>
  );
}

const NOTHING = { source: { kind: 'csv' as const, text: '', fileName: '' }, update: false };

const namesToTake = ({ added, changed }: HostImportResult, update: boolean): string[] => [...added, ...(update ? changed : [])].map(({ name }) => name);

function submitText(result: HostImportResult | null, update: boolean, left: ReadonlySet<string>): string {
  if (result === null) return 'Add hosts';
  const added = result.added.filter(({ name }) => !left.has(name)).length;
  const changed = update ? result.changed.filter(({ name }) => !left.has(name)).length : 0;
  if (added + changed === 0) return 'Add hosts';
  const parts = [...(added > 0 ? [`Add ${countText(added, 'host')}`] : []), ...(changed > 0 ? [`${added > 0 ? 'change' : 'Change'} ${added > 0 ? changed : countText(changed, 'host')}`] : [])];
  return parts.join(', ');
}
