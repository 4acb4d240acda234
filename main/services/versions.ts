import { FirebreakError } from '../../shared/errors.ts';
import type { PolicyDiffRow } from '../../shared/model/diff.ts';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { findVersionComments } from '../db/policy-comment-store.ts';
import { findVersionEvidence, saveDraftEvidence } from '../db/evidence-store.ts';
import type { WriteDb } from '../db/sql.ts';
import * as store from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { withContainmentsOf } from './containment-draft.ts';
import { editDraft } from './draft.ts';
import { readStandingEvidence } from './mode-evidence.ts';
import { hashPolicy } from './policy-hash.ts';

/** Newest first. */
export const listVersions = (ctx: BackendContext): store.VersionHead[] => store.listVersions(ctx.workspace.read);

/** @throws NOT_FOUND with the versions that exist */
export function getVersionPolicy(ctx: BackendContext, id: PolicyVersionId): Policy {
  const policy = store.findVersionPolicy(ctx.workspace.read, id);
  if (policy === undefined)
    throw new FirebreakError('NOT_FOUND', { what: 'policy version', name: String(id), known: listVersions(ctx).map((v) => String(v.id)) });
  return policy;
}

/** The version of this policy: the newest when its content is the same, else a new one. Call it in the transaction that begins the push. */
export function ensureVersion(ctx: BackendContext, tx: WriteDb, policy: Policy, note: string): store.VersionHead {
  const hash = hashPolicy(policy);
  const newest = store.findNewestVersion(tx);
  return newest?.hash === hash ? newest : store.insertVersion(tx, { hash, author: ctx.user, note, createdAtMs: ctx.nowMs(), policy, evidence: readStandingEvidence(ctx) });
}

/** What became of `a` in `b`. @throws NOT_FOUND */
export const diffVersions = (ctx: BackendContext, a: PolicyVersionId, b: PolicyVersionId): PolicyDiffRow[] => [
  ...diffPolicy(getVersionPolicy(ctx, a), getVersionPolicy(ctx, b)),
];

/** Makes the version's policy the draft, but for containments: who wants an old policy back does not mean to release a host. Nothing is pushed, and the former draft is only in the audit log by name. @throws NOT_FOUND */
export function restoreVersion(ctx: BackendContext, id: PolicyVersionId): void {
  const policy = getVersionPolicy(ctx, id);
  editDraft(ctx, { action: 'versions.restore', subject: String(id), detail: '' }, (former, tx) => {
    saveDraftEvidence(tx, findVersionEvidence(tx, id));
    return { policy: withContainmentsOf(former, policy), comments: findVersionComments(tx, id), result: undefined };
  });
}
