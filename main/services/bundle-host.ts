import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { HostName } from '../../shared/model/names.ts';
import { getCollectionFacts, listCollectionsOf, listUnsignedHosts, markUsed, type Collection } from '../db/collection-store.ts';
import { clearFacts, findFacts, saveFacts } from '../db/host-state-store.ts';
import { replaceDiscoveredAddresses } from '../db/host-address-store.ts';
import { type HostRecord, insertHost, listHosts, setLabel } from '../db/host-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { type BundleManifest, toPlainWord } from '../imports/bundle/bundle-manifest.ts';
import { noteListening } from './alert-services.ts';
import type { BackendContext } from './backend-context.ts';
import { findMachine } from './bundle-machine.ts';
import { readPassages } from './bypasses.ts';
import { listDiscoveredAddresses, listHostAddresses } from './host-addresses.ts';
import { keepMachine } from './host-machine.ts';
import { noteClaims } from './label-claims.ts';

/** The label that says everywhere where a host is from: `signed` or `unsigned`. */
export const COLLECTED_LABEL = 'collected';
const labelOf = (kit: string | null): string => (kit === null ? 'unsigned' : 'signed');
const MAX_TRIES = 1000;

/** The host that a bundle is about: the one of the same machine, reached by stick or over SSH, else a new one. `note`: see findMachine. */
export function findOrMakeHost(ctx: BackendContext, tx: WriteDb, manifest: BundleManifest, { kit, facts }: { kit: string | null; facts: AgentFacts }): { host: HostRecord; isNew: boolean; note: string | null } {
  const hosts = listHosts(tx);
  const { host: id, note } = findMachine(tx, manifest, facts);
  const known = hosts.find((host) => host.id === id);
  if (known !== undefined) return { host: known, isNew: false, note };
  const name = chooseName(manifest, new Set(hosts.map((host) => host.name)));
  const host: HostRecord = {
    id: ctx.newId.host(),
    name,
    ssh: null,
    carried: true,
    note: '',
    createdAtMs: ctx.nowMs(),
    handLabels: { [COLLECTED_LABEL]: labelOf(kit) },
    addresses: [],
    pinnedKeys: [],
    consoleAddresses: [],
  };
  insertHost(tx, host);
  return { host, isNew: true, note };
}

/** What the host calls itself, as far as it fits; a name that is taken gets the beginning of the machine id, or a number. */
function chooseName({ hostname, machineId }: BundleManifest, taken: ReadonlySet<string>): string {
  const plain = toPlainWord(hostname)
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 50);
  const base = plain === '' ? 'unnamed' : plain;
  const part = toPlainWord(machineId)
    .replace(/[^A-Za-z0-9]/g, '')
    .slice(0, 6);
  const candidates = [base, ...(part === '' ? [] : [`${base}-${part}`]), ...Array.from({ length: MAX_TRIES }, (_, i) => `${base}-${i + 2}`)];
  return HostName.parse(candidates.find((name) => !taken.has(name)));
}

/**
 * Why the facts of a bundle are not taken for what is known of its host now, as a sentence without a full stop; null where they are. What a host says over SSH, what is signed, and
 * what is newer goes before.
 */
export function findFactsFault(
  host: HostRecord,
  used: Collection | undefined,
  { kit, collectedAtMs }: { kit: string | null; collectedAtMs: number },
): string | null {
  if (!host.carried) return `${host.name} is reached over SSH: what it says itself stays, and of this bundle only connections are taken`;
  if (used === undefined) return null;
  if (used.kit !== null && kit === null) return `nobody signed it, so what the signed bundle of ${toTime(used.collectedAtMs)} says of ${host.name} stays`;
  if (used.kit === null && kit !== null) return null;
  return used.collectedAtMs > collectedAtMs ? `it is older than the bundle of ${toTime(used.collectedAtMs)}, which stays what is known of ${host.name}` : null;
}

/**
 * Makes a collection what is known of its host. An address that two hosts have stands for neither, so a file could take a host out of every rule that names it by saying its address: what
 * goes before (SSH, then a signature) keeps it, and takes it. Gives the addresses that were left out or taken, with whose they are.
 */
export function adoptCollection(
  ctx: BackendContext,
  tx: WriteDb,
  host: HostRecord,
  { id, kit, collectedAtMs }: Pick<Collection, 'id' | 'kit' | 'collectedAtMs'>,
): string[] {
  const facts = getCollectionFacts(tx, id);
  noteListening(ctx, tx, host.id, findFacts(tx, host.id), facts);
  keepMachine(tx, host.id, facts.machineId, ctx.nowMs());
  // How a host is kept decides who may speak to whom: a file that nobody signed says nothing of it.
  saveFacts(tx, host.id, kit === null ? { ...facts, posture: undefined } : facts, collectedAtMs, readPassages(facts));
  const notes = shareAddresses(tx, host.id, listDiscoveredAddresses(facts), { kit, atMs: ctx.nowMs() });
  noteClaims(ctx, tx, host.id, facts);
  setLabel(tx, host.id, COLLECTED_LABEL, labelOf(kit));
  markUsed(tx, host.id, id);
  return notes;
}

function shareAddresses(tx: WriteDb, host: HostId, addresses: readonly string[], { kit, atMs }: { kit: string | null; atMs: number }): string[] {
  const unsigned = listUnsignedHosts(tx);
  const others = listHosts(tx).filter((other) => other.id !== host);
  const goesBefore = (other: HostRecord): boolean => other.ssh !== null || (kit === null && other.carried && !unsigned.has(other.id));
  const left = new Map(others.filter(goesBefore).flatMap((other) => listHostAddresses(other).map((address) => [address, other.name] as const)));
  const own = addresses.filter((address) => !left.has(address));
  replaceDiscoveredAddresses(tx, host, own, atMs);
  const notes = addresses.flatMap((address) => (left.has(address) ? [`${address} is ${left.get(address) ?? ''}’s, and was left out`] : []));
  for (const other of kit === null ? [] : others.filter(({ id }) => unsigned.has(id))) {
    const [taken, kept] = partition(other, own);
    if (taken.length === 0) continue;
    replaceDiscoveredAddresses(tx, other.id, kept, atMs);
    notes.push(...taken.map((address) => `${address} was taken from ${other.name}, which is known by a bundle that nobody signed`));
  }
  return notes;
}

/** The discovered addresses of a host: those among `addresses`, and the others. */
function partition({ addresses: held }: HostRecord, addresses: readonly string[]): [string[], string[]] {
  const found = held.filter(({ source }) => source === 'facts').map(({ address }) => address);
  return [found.filter((address) => addresses.includes(address)), found.filter((address) => !addresses.includes(address))];
}

/** After a collection was taken out that was in use: what the best of the others says, signed before unsigned and late before early; nothing where there is none. */
export function adoptNextCollection(ctx: BackendContext, tx: WriteDb, host: HostRecord): void {
  const others = listCollectionsOf(tx, host.id);
  const next = others.find(({ kit }) => kit !== null) ?? others[0];
  if (next !== undefined) {
    adoptCollection(ctx, tx, host, next);
    return;
  }
  clearFacts(tx, host.id);
  replaceDiscoveredAddresses(tx, host.id, [], ctx.nowMs());
  setLabel(tx, host.id, COLLECTED_LABEL, null);
}

const toTime = (atMs: number): string => new Date(atMs).toISOString();

/** Facts as they may be used: without a login to become a way in, and, where it was not root that asked, without what only root finds out. */
export function withoutGuesses(facts: AgentFacts, root: boolean): AgentFacts {
  return { ...facts, ssh: null, features: root ? facts.features : {} };
}
