import type { HostKey, SshIdentity, SudoMode } from '../../shared/model/host.ts';
import type { FindUnlocked } from './key-file.ts';

/** Read at the moment of use and never kept. `null`: not given. */
export type Secrets = { sshPassword: string | null; sudoPassword: string | null };

/** Everything that one connection needs; jump hosts are resolved the same way, outermost last. */
export type ResolvedTarget = {
  /** The name in the workspace; every error names it. */
  hostName: string;
  address: string;
  port: number;
  user: string;
  identity: SshIdentity;
  sudo: SudoMode;
  /** Empty: no key is trusted yet. */
  pinnedKeys: readonly HostKey[];
  /** Only with accept-new, only asked while `pinnedKeys` is empty: must store the key before it returns; if it throws, nothing is sent. Absent: unknown keys are refused. */
  onNewKey?: (key: HostKey) => void;
  jump: ResolvedTarget | null;
  secrets: () => Secrets;
  /** Key files that were unlocked in this session; absent: none was. */
  findUnlocked?: FindUnlocked;
};

/**
 * Two targets with the same key may share one connection. Pinned keys are part of it, so that no call ever rides on
 * a connection to a key that it would itself refuse; secrets are not.
 */
export function targetKey(target: ResolvedTarget): string {
  const { hostName, address, port, user, identity, pinnedKeys } = target;
  const keys = pinnedKeys.map((key) => `${key.algorithm} ${key.fingerprint}`).sort();
  const trust = keys.length > 0 ? keys : [target.onNewKey === undefined ? 'none' : 'accept-new'];
  return JSON.stringify([hostName, address, port, user, identity, trust, target.jump === null ? null : targetKey(target.jump)]);
}
