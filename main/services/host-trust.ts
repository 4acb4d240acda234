import { FirebreakError } from '../../shared/errors.ts';
import type { OtherMachine } from '../../shared/contract/host-identity.ts';
import type { HostKey } from '../../shared/model/host.ts';
import { acceptMachine } from '../db/host-machine-store.ts';
import { pinKey } from '../db/host-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { describeAccepted, findOtherMachine } from './host-machine.ts';
import { recordChange } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

const SHOW_KEY_TIMEOUT_MS = 10_000;

/** Connects as far as the host key; no authentication is tried, nothing is stored. */
export async function showKey(ctx: BackendContext, name: string, signal?: AbortSignal): Promise<{ presented: HostKey; pinned: HostKey[]; otherMachine: OtherMachine | null }> {
  const target = resolveTarget(ctx, name);
  const presented = await ctx.sshPool.showKey(target, { timeoutMs: SHOW_KEY_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) });
  const { id, pinnedKeys } = getHost(ctx, name);
  return { presented, pinned: pinnedKeys, otherMachine: findOtherMachine(ctx.workspace.read, id) };
}

/**
 * Pins the key that the person compared. The same key again changes nothing; with `replace` the machine that answers there from now on is accepted as the host, be it
 * another one than before.
 * @throws HOST_KEY_CHANGED when another key is pinned and `replace` was not asked for
 */
export function trustKey(ctx: BackendContext, name: string, key: HostKey, replace: boolean): void {
  const host = getHost(ctx, name);
  if (!replace && host.pinnedKeys.some((k) => k.fingerprint === key.fingerprint)) return;
  const other = host.pinnedKeys[0];
  if (other !== undefined && !replace) throw new FirebreakError('HOST_KEY_CHANGED', { host: name, pinned: other.fingerprint, presented: key.fingerprint });
  const former = host.pinnedKeys.filter((k) => k.fingerprint !== key.fingerprint).map((k) => k.fingerprint);
  const machine = replace ? describeAccepted(findOtherMachine(ctx.workspace.read, host.id)) : '';
  const detail = `${key.algorithm} ${key.fingerprint}${former.length === 0 ? '' : `, instead of ${former.join(' ')}`}${machine}`;
  recordChange(ctx, { action: 'hosts.trust', subject: name, detail, groups: ['hosts', 'policy'] }, (tx) => {
    pinKey(tx, host.id, key, { replace, atMs: ctx.nowMs() });
    if (replace) acceptMachine(tx, host.id);
  });
}

/** Passwords for this session. That they were given is audited; they themselves are kept in memory only. */
export function unlockHost(ctx: BackendContext, name: string, secrets: { sshPassword: string | null; sudoPassword: string | null }): void {
  const host = getHost(ctx, name);
  ctx.secrets.set(host.id, secrets);
  const given = [secrets.sshPassword === null ? '' : 'SSH password', secrets.sudoPassword === null ? '' : 'sudo password']
    .filter((t) => t !== '')
    .join(' and ');
  recordChange(ctx, { action: 'hosts.unlock', subject: name, detail: given === '' ? 'nothing given' : `${given} for this session`, groups: [] }, () => {});
}
