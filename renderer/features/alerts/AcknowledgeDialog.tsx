import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

/** Somebody has seen it: nobody else is told, until its cause comes back after it was gone. */
export function AcknowledgeDialog({ ids, onClose }: { readonly ids: readonly number[]; readonly onClose: () => void }) {
  const [note, setNote] = useState('');
  const acknowledge = useMutation(api.alerts.acknowledge.mutationOptions({ onSuccess: onClose }));
  return (
    <FormModal
      title={ids.length === 1 ? 'Acknowledge the alert' : `Acknowledge ${ids.length} alerts`}
      submitText="Acknowledge"
      onSubmit={() => acknowledge.mutate({ ids: [...ids], note })}
      onClose={onClose}
      isBusy={acknowledge.isPending}
      error={acknowledge.error}
    >
      <TextInput label="Note" value={note} onChange={(text) => setNote(text.slice(0, 500))} rows={3} autoFocus note="What was found, for the others. It stands in the audit log with your name." />
    </FormModal>
  );
}
