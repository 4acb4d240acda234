import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { HostChoice } from '../../../shared/contract/host-choice.ts';
import { DEFAULT_SETTINGS } from '../../../shared/contract/workspace-settings.ts';
import { api, client } from '../../api/client.ts';
import { runPush } from '../../api/push-store.ts';
import { Choice } from '../../ui/Choice.tsx';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

/** Takes hosts back to what they ran before the last push: itself armed, proved and confirmed. The draft is not changed. */
export function RollbackDialog({ onClose }: { readonly onClose: () => void }) {
  const hosts = useQuery(api.hosts.list.queryOptions({ input: {} }));
  const settings = useQuery(api.workspace.settings.queryOptions({ input: {} }));
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const options = [
    { value: '', text: 'All managed hosts' },
    ...(hosts.data ?? []).filter((host) => host.appliedBundle !== null).map((host) => ({ value: String(host.name), text: String(host.name) })),
  ];
  // Open until it is taken: a refusal (another push is running) leaves choice and note as they were typed.
  const begin = useMutation({
    mutationFn: async (hostChoice: HostChoice) => {
      const states = await client.pushes.rollback({ hosts: hostChoice, note: note.trim(), confirmWithinSeconds: (settings.data ?? DEFAULT_SETTINGS).confirmWithinSeconds });
      void runPush(() => Promise.resolve(states));
    },
    onSuccess: onClose,
  });
  const submit = () => begin.mutate(name === '' ? { kind: 'all' } : { kind: 'names', names: [name] });
  return (
    <FormModal title="Roll back" submitText="Roll back now" isDanger isBusy={begin.isPending} error={begin.error} onClose={onClose} onSubmit={submit}>
      <p>Each host goes back to the rules that it ran before its last push. What those blocked or let through changes at once. The draft stays as it is.</p>
      <Choice label="Hosts" value={name} options={options} onChange={setName} />
      <TextInput label="Note" value={note} onChange={setNote} placeholder="Why" />
    </FormModal>
  );
}
