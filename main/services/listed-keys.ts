import type { KeyListInput, KeyListResult, ListedHost } from '../../shared/contract/contract-host-keys.ts';
import type { HostChoice } from '../../shared/contract/host-choice.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { ListedKey } from '../../shared/model/host-key.ts';
import { canonicalText } from '../../shared/net/address.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { inert } from '../../shared/text/inert.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { forgetListedKeys, listListedKeys, listPublicKeys, saveListedKeys, savePublicKey } from '../db/listed-key-store.ts';
import { findKeys, TooManyHashes } from '../imports/host-keys/find-keys.ts';
import { type KeyEntry, type KeyList, parseKeyList } from '../imports/host-keys/parse-key-list.ts';
import { isPrintable, type KnownHost, lookUpName, printKnownHosts } from '../imports/host-keys/print-known-hosts.ts';
import { readHostKey } from '../ssh/host-key.ts';
import type { BackendContext } from './backend-context.ts';
import { listChosenHosts } from './find-host.ts';
import { recordChange } from './record-change.ts';

type NamedEntry = KeyEntry & { readonly list: string };
type FoundHost = { readonly host: HostRecord; readonly foundAs: string; readonly entries: readonly NamedEntry[] };

/**
 * Takes what known_hosts files and lists of fingerprints say of the managed hosts, in one transaction with one audit entry; connects to nothing and pins nothing. What lists said of such a host before is
 * replaced, but for what they revoked. A dry run stores nothing. @throws INPUT_INVALID where hashed names are too many to be tried
 */
export async function importKeyLists(ctx: BackendContext, { lists, dryRun }: KeyListInput): Promise<KeyListResult> {
  const read = lists.map(({ name, text }) => ({ name, list: parseKeyList(text, readHostKey) }));
  const hosts = listHosts(ctx.workspace.read).filter((host) => host.ssh !== null);
  const { found, elsewhere } = await findHosts(hosts, read);
  const keysOf = new Map(found.map((one) => [one.host.id, toListedKeys(one)]));
  if (!dryRun && found.length > 0) {
    const keys = [...keysOf.values()].flat();
    const detail = `${countText(keys.length, 'key')} of ${countText(found.length, 'host')}, ${keys.filter(({ isRevoked }) => isRevoked).length} revoked`;
    recordChange(ctx, { action: 'hostKeys.importLists', subject: inert(lists.map(({ name }) => name).join(', ')), detail, groups: ['hosts'] }, (tx) => {
      for (const { host, entries } of found) {
        saveListedKeys(tx, host.id, keysOf.get(host.id) ?? [], ctx.nowMs());
        for (const { fingerprint, publicKey } of entries) if (publicKey !== null) savePublicKey(tx, fingerprint, publicKey);
      }
    });
  }
  const names = new Set(found.map(({ host }) => host.name));
  return {
    lines: read.reduce((sum, { list }) => sum + list.lines, 0),
    hosts: found.map((one) => toListedHost(one.host, one.foundAs, keysOf.get(one.host.id) ?? [])),
    without: hosts.map(({ name }) => name).filter((name) => !names.has(name)),
    elsewhere,
    refused: read.flatMap(({ name, list }) => list.refused.map(({ line, reason }) => ({ list: inert(name), line, reason: inert(reason) }))),
  };
}

async function findHosts(hosts: readonly HostRecord[], read: readonly { name: string; list: KeyList }[]): Promise<{ found: FoundHost[]; elsewhere: number }> {
  const entries: NamedEntry[] = read.flatMap(({ name, list }) => list.entries.map((entry) => ({ ...entry, list: inert(name) })));
  const lookUps = hosts.map((host) => ({ host, names: lookUpsOf(host) }));
  const byName = await findKeys(entries, lookUps.flatMap(({ names }) => names.map(({ text }) => text))).catch((error: unknown) => {
    if (!(error instanceof TooManyHashes)) throw error;
    throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'lists', message: `too many hashed names to try each for each host (${error.message}); take the lines of your hosts out of the file first: ssh-keygen -F HOST -f FILE` }] });
  });
  const named = new Set<NamedEntry>();
  const found = lookUps.flatMap(({ host, names }): FoundHost[] => {
    for (const { text, onlyPlain } of names) {
      const own = (byName.get(text.toLowerCase()) ?? []).filter(({ isKnownHosts }) => !onlyPlain || !isKnownHosts);
      for (const entry of own) named.add(entry);
      if (own.length > 0) return [{ host, foundAs: text, entries: own }];
    }
    return [];
  });
  return { found, elsewhere: entries.filter((entry) => !named.has(entry)).length };
}

/**
 * Under what a host is looked for, the first that is there: its way in as ssh looks it up, then its name, which may be another machine's in somebody's list. Where the port is not 22 a bare name stands for it only in a
 * list of fingerprints, which has no ports.
 */
function lookUpsOf({ name, ssh }: HostRecord): { text: string; onlyPlain: boolean }[] {
  if (ssh === null) return [];
  const ways = [ssh.address, canonicalText(ssh.address) ?? ssh.address];
  const texts = [...ways, name].map((host) => ({ text: lookUpName(host, ssh.port), onlyPlain: false }));
  return ssh.port === 22 ? texts : [...texts, { text: name, onlyPlain: true }];
}

/** Each key once; what any line revokes is revoked. */
function toListedKeys({ entries }: FoundHost): ListedKey[] {
  return [...Map.groupBy(entries, ({ fingerprint }) => fingerprint)].map(([fingerprint, same]) => {
    const told = same.find(({ isRevoked }) => isRevoked) ?? same[0];
    return { fingerprint, algorithm: same.find(({ algorithm }) => algorithm !== null)?.algorithm ?? null, isRevoked: told?.isRevoked ?? false, source: `${told?.list ?? ''}:${told?.line ?? 0}` };
  });
}

function toListedHost(host: HostRecord, foundAs: string, keys: readonly ListedKey[]): ListedHost {
  const pinned = new Set(host.pinnedKeys.map(({ fingerprint }) => fingerprint));
  const isRevoked = keys.some((key) => key.isRevoked && pinned.has(key.fingerprint));
  const expected = keys.filter((key) => !key.isRevoked);
  const agrees = isRevoked ? 'revoked' : pinned.size === 0 || expected.length === 0 ? null : expected.some(({ fingerprint }) => pinned.has(fingerprint)) ? 'yes' : 'no';
  return { hostName: host.name, foundAs, keys: keys.map(({ algorithm, fingerprint, isRevoked: revoked }) => ({ algorithm, fingerprint, revoked })), agrees };
}

/** What lists that were imported say now, by name. */
export function readListedKeys(ctx: BackendContext): Pick<KeyListResult, 'hosts' | 'without'> {
  const listed = listListedKeys(ctx.workspace.read);
  const managed = listHosts(ctx.workspace.read).filter((host) => host.ssh !== null);
  return {
    hosts: managed.flatMap((host) => {
      const keys = listed.get(host.id) ?? [];
      return keys.length === 0 ? [] : [toListedHost(host, [...new Set(keys.map(({ source }) => source))].join(', '), keys)];
    }),
    without: managed.filter(({ id }) => !listed.has(id)).map(({ name }) => name),
  };
}

/** Also what was revoked; pinned keys stay. */
export function forgetKeyLists(ctx: BackendContext, choice: HostChoice): { keys: number } {
  const hosts = listChosenHosts(ctx, choice);
  const subject = hosts.length === 1 ? (hosts[0]?.name ?? '') : countText(hosts.length, 'host');
  const keys = recordChange(ctx, { action: 'hostKeys.forget', subject, detail: 'what lists say of their keys', groups: ['hosts'] }, (tx) => hosts.reduce((sum, { id }) => sum + forgetListedKeys(tx, id), 0));
  return { keys };
}

/** Pinned keys as lines of known_hosts, by name. Connects to nothing. */
export function exportKnownHosts(ctx: BackendContext): { text: string; hosts: number; without: string[] } {
  const publicKeys = listPublicKeys(ctx.workspace.read);
  const [lines, without]: [KnownHost[], string[]] = [[], []];
  for (const { name, ssh, pinnedKeys } of listHosts(ctx.workspace.read)) {
    if (ssh === null || pinnedKeys.length === 0) continue;
    const { address, port } = ssh;
    const whole = isPrintable(ssh) ? pinnedKeys.flatMap(({ algorithm, fingerprint }) => (publicKeys.has(fingerprint) ? [{ name, address, port, algorithm, publicKey: publicKeys.get(fingerprint) ?? '' }] : [])) : [];
    if (whole.length < pinnedKeys.length) without.push(name);
    lines.push(...whole);
  }
  return { text: printKnownHosts(lines), hosts: new Set(lines.map(({ name }) => name)).size, without };
}
