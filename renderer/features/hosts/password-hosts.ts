import type { HostView } from '../../../shared/contract/views.ts';
import { client } from '../../api/client.ts';

export type Passwords = { readonly ssh: string; readonly sudo: string };
export const EMPTY_PASSWORDS: Passwords = { ssh: '', sudo: '' };
/** Names of hosts that log in, or become root, by a password. */
export type PasswordNeeds = { readonly ssh: readonly string[]; readonly sudo: readonly string[] };

/** Null: none of them. */
export function findPasswordNeeds(hosts: readonly HostView[]): PasswordNeeds | null {
  const ssh = hosts.filter((host) => host.ssh?.identity.kind === 'password').map(({ name }) => name);
  const sudo = hosts.filter((host) => host.ssh?.sudo === 'password').map(({ name }) => name);
  return ssh.length + sudo.length === 0 ? null : { ssh, sudo };
}

/** Gives what was typed to the hosts that need it, for this session, and to the keychain where that is asked for; where nothing was, what was given before stays. */
export async function givePasswords(needs: PasswordNeeds, { ssh, sudo }: Passwords, isKept: boolean): Promise<void> {
  const given = new Set([...(ssh === '' ? [] : needs.ssh), ...(sudo === '' ? [] : needs.sudo)]);
  for (const name of given) {
    const orNull = (names: readonly string[], text: string) => (text === '' || !names.includes(name) ? null : text);
    const [sshPassword, sudoPassword] = [orNull(needs.ssh, ssh), orNull(needs.sudo, sudo)];
    await client.hosts.unlock({ name, sshPassword, sudoPassword });
    if (isKept && sshPassword !== null) await client.logins.keep({ kind: 'ssh-password', subject: name });
    if (isKept && sudoPassword !== null) await client.logins.keep({ kind: 'sudo-password', subject: name });
  }
}
