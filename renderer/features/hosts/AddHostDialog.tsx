import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostView } from '../../../shared/contract/views.ts';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { Segments } from '../../ui/Segments.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { type AddHostForm, EMPTY_HOST_FORM, readHostForm } from './add-host-form.ts';
import { SshFields } from './SshFields.tsx';

type Props = { readonly knownHosts: readonly HostView[]; readonly onClose: () => void; readonly onAdded: (host: HostView) => void };

const kinds = [
  { value: 'managed', text: 'Managed over SSH' },
  { value: 'unmanaged', text: 'Unmanaged peer' },
] as const;

/** Adds one host to the workspace. Nothing is sent to the host; the next step shows its key. */
export function AddHostDialog({ knownHosts, onClose, onAdded }: Props) {
  const [form, setForm] = useState<AddHostForm>(EMPTY_HOST_FORM);
  const [wasSubmitted, setSubmitted] = useState(false);
  const set = (fields: Partial<AddHostForm>) => setForm((current) => ({ ...current, ...fields }));
  const { host, errors } = readHostForm(form, knownHosts);
  const add = useMutation(api.hosts.add.mutationOptions({ onSuccess: onAdded }));
  const shown = (field: keyof typeof errors) => (wasSubmitted || form[field] !== '' ? errors[field] : null);
  const submit = () => {
    setSubmitted(true);
    if (host !== null) add.mutate(host);
  };
  return (
    <FormModal title="Add a host" submitText="Add host" onSubmit={submit} onClose={onClose} isBusy={add.isPending} error={add.error}>
      <Segments label="Kind of host" value={form.kind} options={kinds} onChange={(kind) => set({ kind })} />
      <TextInput label="Name" value={form.name} onChange={(name) => set({ name })} error={shown('name')} placeholder="web-1" autoFocus isRequired />
      {form.kind === 'managed' ? (
        <SshFields form={form} set={set} targetError={shown('target')} keyPathError={shown('keyPath')} knownHosts={knownHosts} />
      ) : (
        <TextInput
          label="Addresses"
          value={form.addresses}
          onChange={(addresses) => set({ addresses })}
          error={shown('addresses')}
          mono
          placeholder="10.0.9.20, 2001:db8::20"
          isRequired
        />
      )}
      <TextInput
        label="Labels"
        value={form.labels}
        onChange={(labels) => set({ labels })}
        error={shown('labels')}
        mono
        placeholder="role=web app=shop env=prod"
        note="Zones and rules select hosts by these. You can change them at any time."
      />
      <TextInput label="Note" value={form.note} onChange={(note) => set({ note })} />
    </FormModal>
  );
}
