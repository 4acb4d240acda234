import type { CliContext, Client } from './context.ts';
import { unlockKeys } from './unlock-keys.ts';

/**
 * Gives the backend the passwords and passphrases that this session needs: from FIREBREAK_SSH_PASSWORD, FIREBREAK_SUDO_PASSWORD and FIREBREAK_KEY_PASSPHRASE, else asked for
 * once on the terminal. Without either nothing is given, and the hosts concerned answer SSH_PASSWORD_NEEDED, SUDO_PASSWORD_NEEDED or SSH_PASSPHRASE_NEEDED.
 */
export async function unlockHosts(context: CliContext, client: Client): Promise<void> {
  const hosts = await client.hosts.list({});
  const needSsh = hosts.filter((host) => host.ssh?.identity.kind === 'password');
  const needSudo = hosts.filter((host) => host.ssh?.sudo === 'password');
  const sshPassword = needSsh.length === 0 ? undefined : (process.env['FIREBREAK_SSH_PASSWORD'] ?? (await context.ask('SSH password: ', { hidden: true })));
  const sudoPassword = needSudo.length === 0 ? undefined : (process.env['FIREBREAK_SUDO_PASSWORD'] ?? (await context.ask('sudo password: ', { hidden: true })));
  for (const host of new Set([...needSsh, ...needSudo])) {
    await client.hosts.unlock({
      name: host.name,
      sshPassword: needSsh.includes(host) ? (sshPassword ?? null) : null,
      sudoPassword: needSudo.includes(host) ? (sudoPassword ?? null) : null,
    });
  }
  await unlockKeys(context, client);
}
