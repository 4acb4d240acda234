import { createHash } from 'node:crypto';
import type { HostInside } from './host-inside.ts';

const KEY_PATH = '/etc/ssh/ssh_host_ed25519_key';

/** Fingerprint of a host's key, read from its disk: `SHA256:…` as ssh-keygen prints it. */
export async function readHostKeyFingerprint(host: HostInside): Promise<string> {
  const [, blob = ''] = (await host.run(['cat', `${KEY_PATH}.pub`])).split(' ');
  const digest = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64');
  return `SHA256:${digest.replace(/=+$/, '')}`;
}

/** Gives a host a new key, as a reinstall would, and restarts its sshd (sessions that are open stay open). */
export async function replaceHostKey(host: HostInside): Promise<void> {
  await host.run(`rm -f ${KEY_PATH} ${KEY_PATH}.pub && ssh-keygen -q -t ed25519 -N '' -f ${KEY_PATH} && systemctl restart ssh.service`);
}
