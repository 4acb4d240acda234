import { FirebreakError } from '../../shared/errors.ts';
import type { HostKey } from '../../shared/model/host.ts';
import type { KeyVerdict, ListedKey } from '../../shared/model/host-key.ts';

export const keyText = ({ algorithm, fingerprint }: { readonly algorithm: string | null; readonly fingerprint: string }): string => (algorithm === null ? fingerprint : `${algorithm} ${fingerprint}`);

/** The list that a verdict rests on; null: on none. */
export function sourceOf(presented: HostKey, listed: readonly ListedKey[], verdict: KeyVerdict): string | null {
  if (verdict === 'not-as-listed') return listed.find(({ isRevoked }) => !isRevoked)?.source ?? null;
  return listed.find(({ fingerprint, isRevoked }) => fingerprint === presented.fingerprint && isRevoked === (verdict === 'revoked'))?.source ?? null;
}

type Judged = { readonly host: string; readonly presented: HostKey; readonly pinned: readonly HostKey[]; readonly listed: readonly ListedKey[]; readonly verdict: KeyVerdict };

/** @throws HOST_KEY_CHANGED · HOST_KEY_NOT_AS_LISTED · HOST_KEY_REVOKED for what no key exchange may go on with */
export function throwUntrusted({ host, presented, pinned, listed, verdict }: Judged): void {
  const source = sourceOf(presented, listed, verdict) ?? '';
  if (verdict === 'revoked') throw new FirebreakError('HOST_KEY_REVOKED', { host, algorithm: presented.algorithm, fingerprint: presented.fingerprint, source });
  if (verdict === 'changed') throw new FirebreakError('HOST_KEY_CHANGED', { host, pinned: pinned.map(({ fingerprint }) => fingerprint).join(' '), presented: presented.fingerprint });
  if (verdict === 'not-as-listed')
    throw new FirebreakError('HOST_KEY_NOT_AS_LISTED', { host, listed: listed.filter(({ isRevoked }) => !isRevoked).map(keyText).join(', '), presented: keyText(presented), source });
}
