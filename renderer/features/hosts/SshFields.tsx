import type { HostView } from '../../../shared/contract/views.ts';
import { Choice } from '../../ui/Choice.tsx';
import { TextInput } from '../../ui/TextInput.tsx';
import type { AddHostForm } from './add-host-form.ts';

type Props = {
  readonly form: AddHostForm;
  readonly set: (fields: Partial<AddHostForm>) => void;
  readonly targetError: string | null;
  readonly keyPathError: string | null;
  readonly knownHosts: readonly HostView[];
};

const identities = [
  { value: 'agent', text: 'ssh-agent' },
  { value: 'key-file', text: 'Key file' },
  { value: 'password', text: 'Password (asked for, never stored)' },
] as const;
const sudos = [
  { value: 'nopasswd', text: 'sudo without password' },
  { value: 'password', text: 'sudo with password (asked for, never stored)' },
  { value: 'none', text: 'Not needed: the login is root' },
] as const;

/** How the console reaches a managed host. */
export function SshFields({ form, set, targetError, keyPathError, knownHosts }: Props) {
  const jumps = [
    { value: '', text: 'None: reached directly' },
    ...knownHosts.filter((host) => host.ssh !== null).map((host) => ({ value: host.name, text: host.name })),
  ];
  return (
    <>
      <TextInput
        label="SSH login"
        value={form.target}
        onChange={(target) => set({ target })}
        error={targetError}
        mono
        placeholder="admin@10.0.3.7:22"
        isRequired
      />
      <div className="field-pair">
        <Choice label="Identity" value={form.identity} options={identities} onChange={(identity) => set({ identity })} />
        <Choice label="Root rights" value={form.sudo} options={sudos} onChange={(sudo) => set({ sudo })} />
      </div>
      {form.identity === 'key-file' ? (
        <>
          <TextInput
            label="Key file"
            value={form.keyPath}
            onChange={(keyPath) => set({ keyPath })}
            error={keyPathError}
            mono
            placeholder="~/.ssh/id_ed25519"
            note="The file stays where it is; only its path is stored. A passphrase is asked for once in each session."
            isRequired
          />
          <TextInput
            label="Certificate"
            value={form.certificatePath}
            onChange={(certificatePath) => set({ certificatePath })}
            mono
            placeholder="KEYFILE-cert.pub, if it is there"
          />
        </>
      ) : null}
      {jumps.length > 1 ? <Choice label="Jump host" value={form.jump} options={jumps} onChange={(jump) => set({ jump })} /> : null}
    </>
  );
}
