import type { KeyFileView } from '../../../shared/contract/logins.ts';
import type { HostView } from '../../../shared/contract/views.ts';
import { client } from '../../api/client.ts';

/** What was typed, by the path of the key file. */
export type Passphrases = Readonly<Record<string, string>>;

export const findLocked = (keys: readonly KeyFileView[]): KeyFileView[] => keys.filter(({ state }) => state === 'locked');

/** Locked keys that these hosts log in with; behind jump hosts, all that are locked, because the way may need any. */
export function findLockedFor(keys: readonly KeyFileView[], hosts: readonly HostView[]): KeyFileView[] {
  const names = new Set(hosts.map(({ name }) => name));
  const hasJump = hosts.some(({ ssh }) => ssh !== null && ssh.jump !== null);
  return findLocked(keys).filter((key) => hasJump || key.hosts.some((name) => names.has(name)));
}

/** Opens the keys of which something was typed, one after the other; the first wrong one ends it, and those before it stay open. */
export async function unlockKeys(passphrases: Passphrases, isKept: boolean): Promise<void> {
  for (const [keyPath, passphrase] of Object.entries(passphrases)) {
    if (passphrase === '') continue;
    await client.logins.unlockKey({ keyPath, passphrase });
    if (isKept) await client.logins.keep({ kind: 'key-passphrase', subject: keyPath });
  }
}
