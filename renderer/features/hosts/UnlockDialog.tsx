import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, client } from '../../api/client.ts';
import { FormModal } from '../../ui/FormModal.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import { KeepCheck } from './KeepCheck.tsx';

/** Takes passwords for this session. They go to the backend's memory, and to the keychain where that is asked for; nowhere else. */
export function UnlockDialog({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const [sshPassword, setSshPassword] = useState('');
  const [sudoPassword, setSudoPassword] = useState('');
  const [isKept, setKept] = useState(false);
  const queries = useQueryClient();
  const orNull = (text: string) => (text === '' ? null : text);
  const unlock = useMutation({
    mutationFn: async () => {
      await client.hosts.unlock({ name, sshPassword: orNull(sshPassword), sudoPassword: orNull(sudoPassword) });
      if (isKept && sshPassword !== '') await client.logins.keep({ kind: 'ssh-password', subject: name });
      if (isKept && sudoPassword !== '') await client.logins.keep({ kind: 'sudo-password', subject: name });
      await queries.invalidateQueries({ queryKey: api.logins.key() });
    },
    onSuccess: onClose,
  });
  return (
    <FormModal
      title={`Passwords for ${name}`}
      submitText={isKept ? 'Use and keep' : 'Use for this session'}
      isDisabled={sshPassword === '' && sudoPassword === ''}
      isBusy={unlock.isPending}
      error={unlock.error}
      onClose={onClose}
      onSubmit={() => unlock.mutate()}
    >
      <TextInput label="SSH password" type="password" value={sshPassword} onChange={setSshPassword} autoFocus />
      <TextInput label="sudo password" type="password" value={sudoPassword} onChange={setSudoPassword} />
      <KeepCheck isKept={isKept} onChange={setKept} />
    </FormModal>
  );
}
