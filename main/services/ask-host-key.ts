import type { HostKey, PresentedKey } from '../../shared/model/host.ts';
import type { ListedKey } from '../../shared/model/host-key.ts';
import { HOST_KEY_KINDS } from '../ssh/algorithms.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { BackendContext } from './backend-context.ts';

const SHOW_KEY_TIMEOUT_MS = 10_000;

/**
 * The key that a host shows: of a kind that is pinned, else of one that a list has, if it has such, as ssh(1) asks (order_hostkeyalgs). Where a list says fingerprints without their kinds, a host is asked for each
 * kind until one fits; so at most five connections, none of which goes on beyond the key.
 */
export async function askForKey(ctx: BackendContext, target: ResolvedTarget, { listed, signal }: { listed: readonly ListedKey[]; signal?: AbortSignal | undefined }): Promise<PresentedKey> {
  const ask = (wanted: readonly string[]) => {
    const pinnedKeys = wanted.map((algorithm): HostKey => ({ algorithm, fingerprint: '' }));
    return ctx.sshPool.showKey({ ...target, pinnedKeys }, { timeoutMs: SHOW_KEY_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) });
  };
  const isPinned = target.pinnedKeys.length > 0;
  const expected = listed.filter(({ isRevoked }) => !isRevoked);
  const isExpected = (key: HostKey) => expected.some(({ fingerprint }) => fingerprint === key.fingerprint);
  const kinds = isPinned ? target.pinnedKeys.map(({ algorithm }) => algorithm) : expected.flatMap(({ algorithm }) => algorithm ?? []);
  const first = await ask(kinds);
  if (isPinned || isExpected(first) || expected.every(({ algorithm }) => algorithm !== null)) return first;
  for (const kind of HOST_KEY_KINDS.filter((one) => one !== first.algorithm)) {
    const other = await ask([kind]);
    if (isExpected(other)) return other;
  }
  return first;
}
