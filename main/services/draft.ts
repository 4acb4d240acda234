import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import { loadDraft, readDraftRevision, saveDraft } from '../db/draft-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { findNewestVersion, findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { hashPolicy } from './policy-hash.ts';
import { type Change, recordChange } from './record-change.ts';

type Loaded = { revision: number; policy: Policy; hash: string };
/** The parsed draft of each open workspace; parsing thousands of rules for every call would be most of its time. */
const loadedDrafts = new WeakMap<BackendContext['workspace'], Loaded>();

/** The draft with its revision and content hash. Do not change it: it is shared until the next revision. */
export function readDraft(ctx: BackendContext): Loaded {
  const known = loadedDrafts.get(ctx.workspace);
  if (known !== undefined && known.revision === readDraftRevision(ctx.workspace.read)) return known;
  const { revision, policy } = loadDraft(ctx.workspace.read);
  const loaded = { revision, policy, hash: hashPolicy(policy) };
  loadedDrafts.set(ctx.workspace, loaded);
  return loaded;
}

/** Whether the draft's content differs from the newest version (from nothing, when there is none). */
export function isDraftChanged(ctx: BackendContext): boolean {
  const newest = findNewestVersion(ctx.workspace.read);
  return readDraft(ctx).hash !== (newest?.hash ?? hashPolicy(EMPTY_POLICY));
}

/** The policy of the newest version; EMPTY_POLICY when nothing was pushed yet. */
export function readBasePolicy(ctx: BackendContext): Policy {
  const newest = findNewestVersion(ctx.workspace.read);
  return (newest && findVersionPolicy(ctx.workspace.read, newest.id)) ?? EMPTY_POLICY;
}

/** One edit: `edit` gives the whole new draft, or throws and nothing changes. The draft that it sees is that of the transaction, so that two writers never lose an edit. */
export function editDraft<T>(ctx: BackendContext, change: Omit<Change, 'groups'>, edit: (policy: Policy, tx: WriteDb) => { policy: Policy; result: T }): T {
  return recordChange(ctx, { ...change, groups: ['policy', 'hosts'] }, (tx) => {
    const { policy, result } = edit(loadDraft(tx).policy, tx);
    saveDraft(tx, policy, ctx.nowMs());
    return result;
  });
}
