import type { CollectionView, SiteView } from '../../shared/contract/bundles.ts';
import { HostName } from '../../shared/model/names.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findBundleHead, findHostPolicy } from '../db/bundle-store.ts';
import { type CarriedOrder, findNewestOrder } from '../db/carried-order-store.ts';
import { type Collection, listCollections } from '../db/collection-store.ts';
import { findHostState } from '../db/host-state-store.ts';
import { type HostRecord, listHosts } from '../db/host-store.ts';
import { type Kit, listKits } from '../db/kit-store.ts';
import { findPush } from '../db/push-store.ts';
import type { BackendContext } from './backend-context.ts';
import { toViews } from './bundle-list.ts';
import { hasMachineId, nameOfMachine } from './bundle-machine.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { makeDraftBundles } from './plan-bundles.ts';
import { ReceiptStep } from '../../shared/contract/bundles.ts';

/** Hosts that bundles tell of or rules were carried to, by name, each with how far the stick has come. */
export function listSites(ctx: BackendContext): SiteView[] {
  const { read } = ctx.workspace;
  const collections = listCollections(read);
  const byHost = Map.groupBy(collections, ({ host }) => host);
  const hosts = listHosts(read).filter(({ id, carried }) => carried || byHost.has(id));
  if (hosts.length === 0) return [];
  const views = new Map(toViews(ctx, collections).map((view) => [view.id, view]));
  const world: World = { ctx, byHost, views, kits: new Map(listKits(read).map((kit) => [kit.id, kit])), hashes: draftHashes(ctx), names: new Map(listHosts(read).map(({ id, name }) => [id, name])) };
  return hosts.map((host) => toSite(world, host)).sort((a, b) => (a.host < b.host ? -1 : 1));
}

type World = {
  readonly ctx: BackendContext;
  readonly byHost: ReadonlyMap<HostId, Collection[]>;
  readonly views: ReadonlyMap<number, CollectionView>;
  readonly kits: ReadonlyMap<string, Kit>;
  readonly hashes: ReadonlyMap<HostId, string>;
  readonly names: ReadonlyMap<HostId, string>;
};

/** A draft that cannot be compiled makes no rules. */
function draftHashes(ctx: BackendContext): ReadonlyMap<HostId, string> {
  const draft = readCompiledDraft(ctx);
  return new Map([...makeDraftBundles(ctx, draft.policy, draft.fleet)].map(([id, { hash }]) => [id, hash]));
}

function toSite(world: World, host: HostRecord): SiteView {
  const { ctx, byHost, views, kits, hashes } = world;
  const own = byHost.get(host.id) ?? [];
  const newest = own.find(({ usesFacts }) => usesFacts) ?? own[0];
  const order = findNewestOrder(ctx.workspace.read, host.id);
  return {
    host: HostName.parse(host.name),
    isOverSsh: !host.carried,
    collected: newest === undefined || !newest.usesFacts ? null : newest.kit === null ? 'unsigned' : 'signed',
    machine: newest === undefined ? null : { hasId: hasMachineId(newest.machine), sameName: sameName(world, host.id, newest) },
    bundles: own.flatMap(({ id }) => views.get(id) ?? []),
    kit: newest?.kit == null ? null : { id: newest.kit, madeAtMs: kits.get(newest.kit)?.madeAtMs ?? null, madeBy: kits.get(newest.kit)?.madeBy ?? null },
    order: order === undefined ? null : { ...describeOrder(ctx, order), isCurrent: hashes.get(host.id) === order.bundle },
    receipt: order === undefined ? null : findReceipt(ctx, order),
    runs: whatRuns(ctx, host.id),
  };
}

function sameName({ byHost, names }: World, host: HostId, { machine }: Collection): string[] {
  const called = [...byHost].filter(([other, own]) => other !== host && own.some((one) => nameOfMachine(one.machine) === nameOfMachine(machine)));
  return called.flatMap(([id]) => names.get(id) ?? []).sort();
}

function describeOrder({ workspace: { read } }: BackendContext, { push, host, bundle, version, madeAtMs, madeBy, note }: CarriedOrder): Omit<NonNullable<SiteView['order']>, 'isCurrent'> {
  const head = findBundleHead(read, host, bundle);
  return { push, version, madeAtMs, madeBy, note, zone: head?.zone ?? null, mode: head?.mode ?? null };
}

/** A receipt makes a push of its order; one of an order that still waited is only in the host's status. */
function findReceipt({ workspace: { read } }: BackendContext, { push, host }: CarriedOrder): SiteView['receipt'] {
  const taken = findPush(read, push)?.hosts.find((one) => one.host === host);
  const step = ReceiptStep.safeParse(taken?.step);
  if (taken !== undefined && step.success) return { step: step.data, told: taken.detail, atMs: taken.changedAtMs };
  const state = findHostState(read, host);
  if (state?.status?.pending?.id !== push || state.statusAtMs === null) return null;
  return { step: 'applied', told: 'The host runs it, and takes it back unless it is confirmed there.', atMs: state.statusAtMs };
}

function whatRuns({ workspace: { read } }: BackendContext, host: HostId): SiteView['runs'] {
  const applied = findHostPolicy(read, host);
  const head = applied === undefined ? undefined : findBundleHead(read, host, applied.appliedBundle);
  return head === undefined ? null : { version: head.version, mode: head.mode };
}
