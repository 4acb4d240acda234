import { exportPolicyYaml } from '../../shared/policy/policy-yaml.ts';
import { runPolicyTests } from '../../shared/policy/run-policy-tests.ts';
import { findVersionEvidence, saveDraftEvidence } from '../db/evidence-store.ts';
import { loadDraft } from '../db/draft-store.ts';
import { findVersionComments, loadDraftComments, saveExportedState } from '../db/policy-comment-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { editDraft, readBasePolicy, readDraft } from './draft.ts';
import { listFleet } from './fleet.ts';
import { hashState } from './policy-hash.ts';
import { resolvePolicy } from './resolved-policy.ts';

/** So many different exports may be edited elsewhere before the oldest can no longer be merged. */
const KEPT_STATES = 100;

/** The draft as one YAML text; the same draft always gives the same bytes. The state is kept, so that an import of the edited file can be merged. */
export function exportDraft(ctx: BackendContext): { text: string } {
  return ctx.workspace.transaction((tx) => {
    const state = { policy: loadDraft(tx).policy, comments: loadDraftComments(tx) };
    const base = hashState(state);
    saveExportedState(tx, base, state, ctx.nowMs(), KEPT_STATES);
    return { text: exportPolicyYaml(state.policy, { comments: state.comments, base }) };
  });
}

/** Back to the newest version (to the empty policy before the first), with its comments. */
export function discardDraft(ctx: BackendContext): void {
  const policy = readBasePolicy(ctx);
  editDraft(ctx, { action: 'policy.discardDraft', subject: 'draft', detail: '' }, (_former, tx) => {
    const newest = findNewestVersion(tx);
    saveDraftEvidence(tx, newest === undefined ? {} : findVersionEvidence(tx, newest.id));
    return { policy, comments: newest === undefined ? {} : findVersionComments(tx, newest.id), result: undefined };
  });
}

export function testDraft(ctx: BackendContext): { ran: number; broken: string[] } {
  const fleet = listFleet(ctx);
  const { policy } = resolvePolicy(ctx, readDraft(ctx).policy, fleet);
  const { ran, broken } = runPolicyTests(policy, fleet, { nowMs: ctx.nowMs() });
  return { ran, broken: [...broken] };
}
