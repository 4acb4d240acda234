import type { ComparedKey } from '../../shared/contract/contract-host-keys.ts';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import type { KeyVerdict } from '../../shared/model/host-key.ts';
import { findListedKeys } from '../db/listed-key-store.ts';
import type { HostRecord } from '../db/host-store.ts';
import { overHosts, type ProgressEvent } from './agent-many.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost, listChosenHosts } from './find-host.ts';
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
    else yield { type: 'done', result: { hosts: event.result.hosts.map(({ hostName, error }) => toRow(ctx, hostName, error, shown.get(hostName))).toSorted((a, b) => (a.hostName < b.hostName ? -1 : 1)) } };
  }
}

/** @throws HOST_KEY_CHANGED · HOST_KEY_NOT_AS_LISTED · HOST_KEY_REVOKED */
export function refuseUntrusted(ctx: BackendContext, host: HostRecord, { presented, pinned, verdict }: ShownKey): void {
  throwUntrusted({ host: host.name, presented, pinned, listed: findListedKeys(ctx.workspace.read, host.id), verdict });
}

const toRow = (ctx: BackendContext, hostName: string, error: ComparedKey['error'], shown: ShownKey | undefined): ComparedKey => ({
  hostName,
  verdict: shown?.verdict ?? null,
  presented: shown?.presented ?? null,
  source: shown?.source ?? null,
  isPinned: getHost(ctx, hostName).pinnedKeys.some(({ fingerprint }) => fingerprint === shown?.presented.fingerprint),
  error,
});
