import type { HostId } from '../../shared/model/ids.ts';

/** Passwords of this session. In memory only: nothing here is stored, logged or sent anywhere but to the host that asks. */
export type HostSecrets = { sshPassword: string | null; sudoPassword: string | null };
export type SecretStore = {
  get(host: HostId): HostSecrets;
  /** A null field leaves what was given before. */
  set(host: HostId, secrets: HostSecrets): void;
  /** All of them, so that the log can leave them out. */
  known(): readonly string[];
  clear(): void;
};

export function createSecretStore(): SecretStore {
  const secrets = new Map<HostId, HostSecrets>();
  const get = (host: HostId): HostSecrets => secrets.get(host) ?? { sshPassword: null, sudoPassword: null };
  return {
    get,
    set: (host, given) => {
      const former = get(host);
      secrets.set(host, { sshPassword: given.sshPassword ?? former.sshPassword, sudoPassword: given.sudoPassword ?? former.sudoPassword });
    },
    known: () => [...secrets.values()].flatMap(({ sshPassword, sudoPassword }) => [sshPassword, sudoPassword]).filter((secret) => secret !== null),
    clear: () => {
      secrets.clear();
    },
  };
}
