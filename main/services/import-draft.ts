import { FirebreakError, type ErrorPayload } from '../../shared/errors.ts';
import type { ImportChoice, ImportResult } from '../../shared/contract/policy-files.ts';
import type { PolicyDiffRow } from '../../shared/model/diff.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { mergeComments } from '../../shared/policy/merge-comments.ts';
import { type MergeConflict, mergePolicies } from '../../shared/policy/merge-policy.ts';
import { listNames } from '../../shared/policy/policy-sections.ts';
import type { ReadPolicyFile } from '../../shared/policy/read-policy-file.ts';
import { loadDraft } from '../db/draft-store.ts';
import { listHosts } from '../db/host-store.ts';
import { findExportedState, loadDraftComments, type PolicyState } from '../db/policy-comment-store.ts';
import type { ReadDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { keepContainments } from './containment-draft.ts';
import { checkPolicy } from './check-policy.ts';
import { editDraft } from './draft.ts';
import { hashState } from './policy-hash.ts';
import { type PolicyTextInput, readPolicyText } from './policy-text.ts';

type ImportRequest = PolicyTextInput & { readonly dryRun: boolean; readonly take: ImportChoice };
type Outcome = PolicyState & { readonly result: ImportResult };

const MAX_NAMED = 20;

/**
 * Makes the file the draft, or only says what that would change (`dryRun`). Where the draft moved since the file was exported, both sides' edits are merged.
 * A file that is the draft already changes nothing.
 * @throws POLICY_FILE_INVALID · MERGE_CONFLICT with everything that both changed · MERGE_BASE_UNKNOWN; the draft is as it was then
 */
export function importDraft(ctx: BackendContext, request: ImportRequest): ImportResult {
  const file = readPolicyText(ctx, request);
  const foreseen = resolveImport(ctx, ctx.workspace.read, file, request);
  if (request.dryRun) return foreseen.result;
  const change = { action: 'policy.importText', subject: 'draft', detail: describe(foreseen.result) };
  // Decided again inside of the transaction: another process may have edited the draft meanwhile.
  return editDraft(ctx, change, (_policy, tx) => resolveImport(ctx, tx, file, request));
}

function resolveImport(ctx: BackendContext, db: ReadDb, file: ReadPolicyFile, request: ImportRequest): Outcome {
  const draft: PolicyState = { policy: loadDraft(db).policy, comments: loadDraftComments(db) };
  const { how, policy, comments } = merge(ctx, db, draft, file, request);
  const changes = [...diffPolicy(draft.policy, policy)];
  return { policy, comments, result: { zones: policy.zones.length, rules: policy.rules.length, how, changes } };
}

function merge(ctx: BackendContext, db: ReadDb, draft: PolicyState, file: ReadPolicyFile, { take, fileName }: ImportRequest): PolicyState & { how: ImportResult['how'] } {
  const isEmpty = Object.values(draft.policy).every((list) => list.length === 0);
  if (take === 'replace' || file.base === null || isEmpty || file.base === hashState(draft)) return { how: 'replaced', policy: keepContainments(file.policy, draft.policy), comments: file.comments };
  const base = findExportedState(db, file.base);
  if (base === undefined) throw new FirebreakError('MERGE_BASE_UNKNOWN', { file: fileName, base: file.base });
  const prefer = take === 'ours' ? 'draft' : take === 'theirs' ? 'file' : 'none';
  const merged = mergePolicies({ base: base.policy, draft: draft.policy, file: file.policy }, prefer);
  const conflicts = [...merged.conflicts.map((conflict) => toPayload(conflict, file)), ...findBrokenReferences(ctx, merged.policy)];
  if (conflicts.length > 0) throw new FirebreakError('MERGE_CONFLICT', { file: fileName, conflicts });
  return { how: 'merged', policy: merged.policy, comments: mergeComments({ base: base.comments, draft: draft.comments, file: file.comments }) };
}

type Conflicts = ErrorPayload<'MERGE_CONFLICT'>['conflicts'];

function toPayload({ section, what, name, base, draft, file: theirs }: MergeConflict, file: ReadPolicyFile): Conflicts[number] {
  const index = listNames(section, file.policy[section]).indexOf(name);
  return { what, name, line: index < 0 ? null : file.locate(`${section}.${index}`).line, reason: 'the draft and the file both changed it since the file was exported', base, draft, file: theirs };
}

/** One side removed what the other began to use: no side of a single object is wrong, and the two do not go together. */
function findBrokenReferences(ctx: BackendContext, policy: PolicyState['policy']): Conflicts {
  const hosts = new Set(listHosts(ctx.workspace.read).map((host) => host.name));
  return checkPolicy(policy, hosts).issues.map(({ path, message }) => {
    const [section = '', index = ''] = path.split('.');
    const rule = section === 'rules' ? policy.rules[Number(index)]?.id : undefined;
    return { what: rule === undefined ? section : 'rule', name: rule ?? index, line: null, reason: `with the edits of both sides, ${message}`, base: null, draft: null, file: null };
  });
}

/** One line for the audit log, with the rules by id: that is how the history of a rule finds an import. */
function describe({ zones, rules, how, changes }: ImportResult): string {
  const ids = (change: PolicyDiffRow['change']) => {
    const names = changes.filter((row) => row.what === 'rule' && row.change === change).map((row) => row.name);
    return names.length === 0 ? [] : [`${change} ${names.slice(0, MAX_NAMED).join(' ')}${names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : ''}`];
  };
  return [`${how}: ${zones} zones, ${rules} rules`, ...ids('added'), ...ids('changed'), ...ids('removed')].join('; ');
}
