import type { CollectionView, KitView } from '../../shared/contract/bundles.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { HostName } from '../../shared/model/names.ts';
import { findHostPolicy } from '../db/bundle-store.ts';
import { highestCarriedSeq } from '../db/carried-order-store.ts';
import { type Collection, findCollection, listCollections, listCollectionsOf, listRuleFiles } from '../db/collection-store.ts';
import { loadDraft } from '../db/draft-store.ts';
import { deleteFlowSource, listFlowSources } from '../db/flow-source-store.ts';
import { deleteHost, listHosts } from '../db/host-store.ts';
import { listKits } from '../db/kit-store.ts';
import type { BackendContext } from './backend-context.ts';
import { adoptNextCollection } from './bundle-host.ts';
import { listHostUses } from './policy-references.ts';
import { recordChange } from './record-change.ts';

/** Newest import first. */
export const listBundles = (ctx: BackendContext): CollectionView[] => toViews(ctx, listCollections(ctx.workspace.read));

/** In the same order. */
export function toViews(ctx: BackendContext, collections: readonly Collection[]): CollectionView[] {
  const { read } = ctx.workspace;
  const names = new Map(listHosts(read).map((host) => [host.id, host.name]));
  const sources = new Map(listFlowSources(read).map((source) => [source.id, source]));
  return collections.flatMap((one): CollectionView[] => {
    const source = sources.get(one.sourceId);
    if (source === undefined) return [];
    const { name, importedAtMs, importedBy, figures } = source;
    return [
      {
        id: one.id,
        host: HostName.parse(names.get(one.host)),
        name,
        kit: one.kit,
        collectedAtMs: one.collectedAtMs,
        importedAtMs,
        importedBy,
        flows: figures.flows,
        usesFacts: one.usesFacts,
        absences: one.absences,
        rules: listRuleFiles(read, one.id),
      },
    ];
  });
}

/** Newest first, with how many of its bundles are here. */
export function listKitViews(ctx: BackendContext): KitView[] {
  const all = listCollections(ctx.workspace.read);
  return listKits(ctx.workspace.read).map(({ id, madeAtMs, madeBy }) => ({ id, madeAtMs, madeBy, bundles: all.filter(({ kit }) => kit === id).length }));
}

/** @throws NOT_FOUND · STILL_USED where rules or tests name a host that only this bundle knows */
export function removeBundle(ctx: BackendContext, id: number): void {
  const one = findCollection(ctx.workspace.read, { id });
  if (one === undefined)
    throw new FirebreakError('NOT_FOUND', { what: 'bundle', name: String(id), known: listCollections(ctx.workspace.read).map((other) => String(other.id)) });
  removeCollection(ctx, one);
}

/** Takes a collection out: its flows, what it said of its host, and a host that nothing else knows and that no rules were carried to. The bundle can then be imported again. @throws STILL_USED */
export function removeCollection(ctx: BackendContext, one: Collection): void {
  const { read } = ctx.workspace;
  const host = listHosts(read).find((candidate) => candidate.id === one.host);
  const isLast =
    listCollectionsOf(read, one.host).length === 1 &&
    host?.carried === true &&
    findHostPolicy(read, one.host) === undefined &&
    highestCarriedSeq(read, one.host) === 0;
  const usedBy = isLast ? listHostUses(loadDraft(read).policy, host.name) : [];
  if (usedBy.length > 0 && host !== undefined) throw new FirebreakError('STILL_USED', { what: 'host', name: host.name, usedBy });
  recordChange(
    ctx,
    {
      action: 'bundles.remove',
      subject: host?.name ?? String(one.id),
      detail: `made ${new Date(one.collectedAtMs).toISOString()}${isLast ? ', with its host' : ''}`,
      groups: ['hosts', 'policy', 'flows'],
    },
    (tx) => {
      deleteFlowSource(tx, one.sourceId);
      if (isLast) deleteHost(tx, one.host);
      else if (host !== undefined && one.usesFacts) adoptNextCollection(ctx, tx, host);
    },
  );
}
