import { EMPTY_POLICY, type Policy } from '../../shared/model/policy.ts';
import type { PolicyComments } from '../../shared/policy/policy-comments.ts';
import { loadDraft, readDraftRevision, saveDraft } from '../db/draft-store.ts';
import { saveDraftComments } from '../db/policy-comment-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { findNewestVersion, findVersionPolicy } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { keepStep } from './draft-steps.ts';
import { hashPolicy } from './policy-hash.ts';
import { type Change, recordChange, recordWithin } from './record-change.ts';

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

type Edit<T> = (policy: Policy, tx: WriteDb) => { policy: Policy; comments?: PolicyComments; result: T };

/** One edit: `edit` gives the whole new draft (its comments too where they change), or throws and nothing changes. The draft that it sees is that of the transaction, so that two writers never lose an edit. */
export function editDraft<T>(ctx: BackendContext, change: Omit<Change, 'groups'>, edit: Edit<T>): T {
  return recordChange(ctx, { ...change, groups: ['policy', 'hosts'] }, (tx) => keepStep(ctx, tx, change, () => applyEdit(ctx, tx, edit)));
}

/** The same for an edit that is no step to undo, as a part of a transaction of the caller's, who tells the windows (`policy`, `hosts`, `audit`) when it is over. */
export const editDraftWithin = <T>(ctx: BackendContext, tx: WriteDb, change: Omit<Change, 'groups'>, edit: Edit<T>): T => recordWithin(ctx, tx, change, () => applyEdit(ctx, tx, edit));

function applyEdit<T>(ctx: BackendContext, tx: WriteDb, edit: Edit<T>): T {
  const { policy, comments, result } = edit(loadDraft(tx).policy, tx);
  saveDraft(tx, policy, ctx.nowMs());
  if (comments !== undefined) saveDraftComments(tx, comments);
  return result;
}
