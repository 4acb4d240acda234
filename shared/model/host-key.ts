import { z } from 'zod';
import type { HostKey } from './host.ts';

/** What a list says that a host has, or must never have again. `algorithm` null: it says the fingerprint alone. `source` names the list. */
export type ListedKey = { readonly algorithm: string | null; readonly fingerprint: string; readonly isRevoked: boolean; readonly source: string };

/**
 * What a presented key is to a host: the one that is `pinned` · another than that (`changed`) · not pinned and as `listed`, or another than that (`not-as-listed`), or named by no list (`unlisted`) · `revoked` by one, pinned or not.
 */
export const KeyVerdict = z.enum(['pinned', 'changed', 'listed', 'not-as-listed', 'unlisted', 'revoked']);
export type KeyVerdict = z.infer<typeof KeyVerdict>;

/** Pure. A list that only revokes says nothing about other keys. */
export function judgeHostKey(presented: HostKey, pinned: readonly HostKey[], listed: readonly ListedKey[]): KeyVerdict {
  const same = ({ fingerprint }: { readonly fingerprint: string }) => fingerprint === presented.fingerprint;
  if (listed.some((key) => key.isRevoked && same(key))) return 'revoked';
  if (pinned.length > 0) return pinned.some(same) ? 'pinned' : 'changed';
  const expected = listed.filter(({ isRevoked }) => !isRevoked);
  if (expected.length === 0) return 'unlisted';
  return expected.some(same) ? 'listed' : 'not-as-listed';
}
