import { TextInput } from '../../ui/TextInput.tsx';
import type { PasswordNeeds, Passwords } from './password-hosts.ts';

type Props = { readonly needs: PasswordNeeds; readonly passwords: Passwords; readonly onChange: (passwords: Passwords) => void };

/** One password for all that need one, asked for once a session. */
export function PasswordFields({ needs, passwords, onChange }: Props) {
  return (
    <>
      <p className="small muted">Leave empty what you gave before.</p>
      {needs.ssh.length === 0 ? null : <TextInput label={`SSH password (${ofHosts(needs.ssh)})`} type="password" value={passwords.ssh} onChange={(ssh) => onChange({ ...passwords, ssh })} />}
      {needs.sudo.length === 0 ? null : <TextInput label={`sudo password (${ofHosts(needs.sudo)})`} type="password" value={passwords.sudo} onChange={(sudo) => onChange({ ...passwords, sudo })} />}
    </>
  );
}

const ofHosts = (names: readonly string[]): string => (names.length === 1 ? (names[0] ?? '') : `${names.length} hosts`);
