import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ServiceName } from '../../../shared/model/names.ts';
import type { Policy } from '../../../shared/model/policy.ts';
import type { Service } from '../../../shared/model/service.ts';
import { listUses } from '../../../shared/policy/where-used.ts';
import { parseServiceEntries, printServiceEntry } from '../../../shared/text/service-text.ts';
import { api } from '../../api/client.ts';
import { issueText } from '../../editors/typed-text.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { objectNameError } from './object-name.ts';
import { UsesList } from './UsesList.tsx';

/** Adds a service or changes one. Its name is what rules refer to and does not change. */
export function ServiceDialog({ changed, policy, onClose }: { readonly changed: Service | null; readonly policy: Policy; readonly onClose: () => void }) {
  const [name, setName] = useState<string>(changed?.name ?? '');
  const [ports, setPorts] = useState(changed === null ? '' : changed.entries.map(printServiceEntry).join(','));
  const [note, setNote] = useState(changed?.note ?? '');
  const [wasSubmitted, setSubmitted] = useState(false);
  const put = useMutation(api.policy.putService.mutationOptions({ onSuccess: onClose }));
  const entries = parseServiceEntries(ports);
  const nameError = changed === null ? objectNameError('service', name, ServiceName, policy.services) : null;
  const submit = () => {
    setSubmitted(true);
    if (entries.ok && nameError === null) put.mutate({ name, entries: entries.value, note: note.trim() });
  };
  return (
    <FormModal
      title={changed === null ? 'Add a service' : `Change service ${changed.name}`}
      submitText={changed === null ? 'Add to draft' : 'Save to draft'}
      onSubmit={submit}
      onClose={onClose}
      isBusy={put.isPending}
      error={put.error}
    >
      {changed === null ? (
        <TextInput label="Name" value={name} onChange={setName} error={wasSubmitted || name !== '' ? nameError : null} placeholder="postgresql" autoFocus isRequired />
      ) : null}
      <TextInput
        label="Ports"
        value={ports}
        onChange={setPorts}
        error={wasSubmitted || ports !== '' ? issueText(entries) : null}
        mono
        isRequired
        autoFocus={changed !== null}
        placeholder="tcp/5432"
        note="tcp/5432 · udp/5000-5010 · icmp/8; several with commas"
      />
      <TextInput label="Note" value={note} onChange={setNote} />
      {changed === null ? null : <UsesList uses={listUses(policy, { kind: 'service', name: changed.name })} />}
    </FormModal>
  );
}
