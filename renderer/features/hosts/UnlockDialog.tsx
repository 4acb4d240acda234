import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';

/** Takes passwords for this session. They go to the backend's memory and nowhere else. */
export function UnlockDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [sshPassword, setSshPassword] = useState('');
  const [sudoPassword, setSudoPassword] = useState('');
  const unlock = useMutation(api.hosts.unlock.mutationOptions({ onSuccess: onClose }));
  const orNull = (text: string) => (text === '' ? null : text);
  return (
    <FormModal
      title={`Passwords for ${name}`}
      submitText="Use for this session"
      isDisabled={sshPassword === '' && sudoPassword === ''}
      isBusy={unlock.isPending}
      error={unlock.error}
      onClose={onClose}
      onSubmit={() => unlock.mutate({ name, sshPassword: orNull(sshPassword), sudoPassword: orNull(sudoPassword) })}
    >
      <p className="muted">Kept in memory until Firebreak ends; never stored and never logged.</p>
      <TextInput label="SSH password" type="password" value={sshPassword} onChange={setSshPassword} autoFocus />
      <TextInput label="sudo password" type="password" value={sudoPassword} onChange={setSudoPassword} />
    </FormModal>
  );
}
