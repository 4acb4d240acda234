import type { ComparedKey } from '../../shared/contract/contract-host-keys.ts';
import type { HostChoice, PerHost } from '../../shared/contract/host-choice.ts';
import type { KeyVerdict } from '../../shared/model/host-key.ts';
import { findListedKeys } from '../db/listed-key-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { type ShownKey, showKey, trustKey } from './host-trust.ts';
import { orderByJumps } from './jump-order.ts';
import { throwUntrusted } from './untrusted-key.ts';

type CompareEvent = Exclude<ProgressEvent, { type: 'done' }> | { type: 'done'; result: { hosts: ComparedKey[] } };

const SAID: Readonly<Record<KeyVerdict, string>> = {
  pinned: 'its key is the one that is pinned',
  listed: 'its key is the one that is listed',
  unlisted: 'no list has its key',
  changed: 'another key is pinned',
  'not-as-listed': 'a list has another key',
  revoked: 'its key is revoked',
};

/**
 * Asks every chosen host for its key and compares it with what is pinned, then with what lists say; with `pin`, pins those that a list has, jump hosts before those behind them. Only a match is ever pinned. A key that is
 * not as it should be is stored as the host's last failure. By name. @throws NOT_FOUND
 */
export async function* compareKeys(ctx: BackendContext, choice: HostChoice, pin: boolean, signal?: AbortSignal): AsyncGenerator<CompareEvent, void, void> {
  const stop = new AbortController();
  signal?.addEventListener('abort', () => stop.abort(), { once: true });
  const order = orderByJumps(listChosenHosts(ctx, choice));
  const shown = new Map<string, ShownKey>();
  const work = async (host: HostRecord): Promise<string> => {
    try {
      await order.before(host);
      const key = await showKey(ctx, host.name, stop.signal);
      shown.set(host.name, key);
      refuseUntrusted(ctx, host, key);
      if (pin && key.verdict !== 'unlisted') trustKey(ctx, host.name, key.presented, false);
      return SAID[key.verdict];
    } finally {
      order.pass(host);
    }
  };
  for await (const event of overHosts(ctx, order.hosts, work, stop)) {
    if (event.type !== 'done') yield event;
    else yield { type: 'done', result: { hosts: toRows(ctx, event.result.hosts, shown) } };
  }
}

/** @throws HOST_KEY_CHANGED · HOST_KEY_NOT_AS_LISTED · HOST_KEY_REVOKED */
export function refuseUntrusted(ctx: BackendContext, host: HostRecord, { presented, pinned, verdict }: ShownKey): void {
  throwUntrusted({ host: host.name, presented, pinned, listed: findListedKeys(ctx.workspace.read, host.id), verdict });
}

/** By name; what is pinned is read once for all. */
function toRows(ctx: BackendContext, hosts: readonly PerHost[], shown: ReadonlyMap<string, ShownKey>): ComparedKey[] {
  const pinned = new Map(listHosts(ctx.workspace.read).map(({ name, pinnedKeys }) => [name, pinnedKeys.map(({ fingerprint }) => fingerprint)]));
  const toRow = ({ hostName, error }: PerHost): ComparedKey => {
    const { verdict = null, presented = null, source = null } = shown.get(hostName) ?? {};
    return { hostName, verdict, presented, source, isPinned: presented !== null && pinned.get(hostName)?.includes(presented.fingerprint) === true, error };
  };
  return hosts.map(toRow).toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1));
}
