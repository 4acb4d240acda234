import type { HostId } from '../../shared/model/ids.ts';
import { createKeyRing, type KeyRing } from '../ssh/key-ring.ts';

/** Passwords of this session. In memory only: nothing here is logged, or sent anywhere but to the host that asks; what is kept beyond the session, the keychain encrypts. */
export type HostSecrets = { sshPassword: string | null; sudoPassword: string | null };
export type SecretStore = {
  get(host: HostId): HostSecrets;
  /** A null field leaves what was given before. */
  set(host: HostId, secrets: HostSecrets): void;
  /** Key files that were unlocked. */
  readonly keys: KeyRing;
  /** The one that a key file was unlocked with; null: none was given. */
  passphraseOf(keyPath: string): string | null;
  setPassphrase(keyPath: string, passphrase: string): void;
  /** All of them, so that the log can leave them out. */
  known(): readonly string[];
  clear(): void;
};

export function createSecretStore(): SecretStore {
  const secrets = new Map<HostId, HostSecrets>();
  const passphrases = new Map<string, string>();
  const keys = createKeyRing();
  const get = (host: HostId): HostSecrets => secrets.get(host) ?? { sshPassword: null, sudoPassword: null };
  return {
    get,
    set: (host, given) => {
      const former = get(host);
      secrets.set(host, { sshPassword: given.sshPassword ?? former.sshPassword, sudoPassword: given.sudoPassword ?? former.sudoPassword });
    },
    keys,
    passphraseOf: (keyPath) => passphrases.get(keyPath) ?? null,
    setPassphrase: (keyPath, passphrase) => {
      passphrases.set(keyPath, passphrase);
    },
    known: () => [...[...secrets.values()].flatMap(({ sshPassword, sudoPassword }) => [sshPassword, sudoPassword]), ...passphrases.values()].filter((secret) => secret !== null),
    clear: () => {
      secrets.clear();
      passphrases.clear();
      keys.clear();
    },
  };
}
