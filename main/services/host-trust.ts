import { FirebreakError } from '../../shared/errors.ts';
import type { OtherMachine } from '../../shared/contract/host-identity.ts';
import type { HostKey, PresentedKey } from '../../shared/model/host.ts';
import { judgeHostKey, type KeyVerdict } from '../../shared/model/host-key.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { acceptMachine } from '../db/host-machine-store.ts';
import { type HostRecord, pinKey } from '../db/host-store.ts';
import { findListedKeys, savePublicKey } from '../db/listed-key-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { readHostKey } from '../ssh/host-key.ts';
import { askForKey } from './ask-host-key.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';
import { describeAccepted, findOtherMachine } from './host-machine.ts';
import { recordChange, recordWithin } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';
import { keyText, sourceOf, throwUntrusted } from './untrusted-key.ts';

/** What a host shows, and what that is to it. `source`: the list that names, revokes or contradicts it. `otherMachine`: another than before answered there, and waits to be accepted. */
export type ShownKey = { presented: PresentedKey; pinned: HostKey[]; verdict: KeyVerdict; source: string | null; otherMachine: OtherMachine | null };

/** Connects as far as the host key; no authentication is tried, nothing is stored. */
export async function showKey(ctx: BackendContext, name: string, signal?: AbortSignal): Promise<ShownKey> {
  const host = getHost(ctx, name);
  const listed = findListedKeys(ctx.workspace.read, host.id);
  const presented = await askForKey(ctx, resolveTarget(ctx, name), { listed, signal });
  const { pinnedKeys } = getHost(ctx, name);
  const verdict = judgeHostKey(presented, pinnedKeys, listed);
  return { presented, pinned: pinnedKeys, verdict, source: sourceOf(presented, listed, verdict), otherMachine: findOtherMachine(ctx.workspace.read, host.id) };
}

/**
 * Pins the key that the person compared. The same key again changes nothing, but that the whole of it is kept where only its fingerprint was;
 * with `replace` the machine that answers there from now on is accepted as the host, be it another one than before.
 * @throws HOST_KEY_CHANGED, HOST_KEY_NOT_AS_LISTED unless `replace` was asked for · HOST_KEY_REVOKED · INPUT_INVALID for a fingerprint that is not the key's
 */
export function trustKey(ctx: BackendContext, name: string, key: PresentedKey, replace: boolean): void {
  const host = getHost(ctx, name);
  assertWhole(key);
  const verdict = assertTrustable(ctx, host, key, replace);
  if (!replace && verdict === 'pinned') keepWhole(ctx, key);
  else recordChange(ctx, { action: 'hosts.trust', subject: name, detail: trustDetail(ctx, host, key) + (replace ? describeAccepted(findOtherMachine(ctx.workspace.read, host.id)) : ''), groups: ['hosts', 'policy'] }, (tx) => storeKey(ctx, tx, host.id, key, replace));
}

/** Pins keys that somebody was shown, in one transaction; none where one cannot be. Gives how many are new. @throws as trustKey without `replace` */
export function trustKeys(ctx: BackendContext, keys: readonly { name: string; key: PresentedKey }[]): number {
  const wanted = keys.map(({ name, key }) => ({ host: getHost(ctx, name), key }));
  for (const { key } of wanted) assertWhole(key);
  const fresh = wanted.filter(({ host, key }) => assertTrustable(ctx, host, key, false) !== 'pinned');
  ctx.workspace.transaction((tx) => {
    for (const { host, key } of fresh) recordWithin(ctx, tx, { action: 'hosts.trust', subject: host.name, detail: trustDetail(ctx, host, key) }, () => storeKey(ctx, tx, host.id, key, false));
  });
  ctx.changes.emit(['hosts', 'audit']);
  return fresh.length;
}

function storeKey(ctx: BackendContext, tx: WriteDb, host: HostId, key: PresentedKey, replace: boolean): void {
  pinKey(tx, host, { algorithm: key.algorithm, fingerprint: key.fingerprint }, { replace, atMs: ctx.nowMs() });
  if (replace) acceptMachine(tx, host);
  if (key.publicKey !== undefined) savePublicKey(tx, key.fingerprint, key.publicKey);
}

/** No decision of anybody's: not audited. */
function keepWhole(ctx: BackendContext, { fingerprint, publicKey }: PresentedKey): void {
  if (publicKey !== undefined) ctx.workspace.transaction((tx) => savePublicKey(tx, fingerprint, publicKey));
}

function trustDetail(ctx: BackendContext, host: HostRecord, key: HostKey): string {
  const source = sourceOf(key, findListedKeys(ctx.workspace.read, host.id), 'listed');
  const former = host.pinnedKeys.filter(({ fingerprint }) => fingerprint !== key.fingerprint).map(({ fingerprint }) => fingerprint);
  return `${keyText(key)}${source === null ? '' : `, as ${source} lists it`}${former.length === 0 ? '' : `, instead of ${former.join(' ')}`}`;
}

/** Whoever sends a whole key with another's fingerprint must not have it kept under that. */
function assertWhole({ algorithm, fingerprint, publicKey }: PresentedKey): void {
  if (publicKey === undefined) return;
  const read = readHostKey(Buffer.from(publicKey, 'base64'));
  if (read.fingerprint !== fingerprint || read.algorithm !== algorithm) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'key', message: `the fingerprint is not that of the key, which has ${keyText(read)}` }] });
}

function assertTrustable(ctx: BackendContext, host: HostRecord, key: HostKey, replace: boolean): KeyVerdict {
  const listed = findListedKeys(ctx.workspace.read, host.id);
  const verdict = judgeHostKey(key, host.pinnedKeys, listed);
  if (verdict === 'revoked' || !replace) throwUntrusted({ host: host.name, presented: key, pinned: host.pinnedKeys, listed, verdict });
  return verdict;
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
