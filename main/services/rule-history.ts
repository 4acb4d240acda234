import { FirebreakError } from '../../shared/errors.ts';
import type { BlameRow, RuleEvent } from '../../shared/contract/policy-files.ts';
import type { RuleId } from '../../shared/model/ids.ts';
import { blameRules, listRuleChanges, type RuleVersion } from '../../shared/policy/rule-history.ts';
import { listAuditNaming } from '../db/audit-store.ts';
import { findVersionPolicy, listVersions } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';

const MAX_EDITS = 200;
const MAX_BLAMED = 20_000;

/** Versions and edits of the draft in which the rule played a part, oldest first; a rule that is gone has a history too. @throws NOT_FOUND when nothing knows it */
export function readRuleHistory(ctx: BackendContext, id: RuleId): RuleEvent[] {
  const versions = listRuleChanges(id, readRuleVersions(ctx));
  const edits = listAuditNaming(ctx.workspace.read, id, MAX_EDITS).map(
    ({ atMs, actor, action, detail }): RuleEvent => ({ atMs, by: actor, version: null, what: 'edited', before: null, after: null, note: detail === '' ? action : `${action}: ${detail}` }),
  );
  const known = readDraft(ctx).policy.rules;
  if (versions.length === 0 && edits.length === 0 && !known.some((rule) => rule.id === id)) throw new FirebreakError('NOT_FOUND', { what: 'rule', name: id, known: known.map((rule) => rule.id) });
  return [...edits, ...versions].sort((a, b) => a.atMs - b.atMs);
}

/** Since when, and by whom, each rule of the draft reads as it does. Who edited what no version has yet is '' where the audit log does not say. */
export function readBlame(ctx: BackendContext): BlameRow[] {
  const versions = readRuleVersions(ctx);
  const authors = new Map(versions.map((version) => [version.id, version.author]));
  const edits = findLastEdits(ctx);
  return blameRules(readDraft(ctx).policy, versions).map((row) => {
    if (row.version !== null) return { ...row, by: authors.get(row.version) ?? '' };
    const last = edits.get(row.rule);
    return { ...row, by: last?.actor ?? '', atMs: last?.atMs ?? null };
  });
}

/** The newest edit that names each rule; one pass, since a draft may have thousands of rules that were never pushed. */
function findLastEdits(ctx: BackendContext): Map<string, { actor: string; atMs: number }> {
  const last = new Map<string, { actor: string; atMs: number }>();
  for (const { actor, atMs, subject, detail } of listAuditNaming(ctx.workspace.read, 'r_', MAX_BLAMED)) {
    for (const id of `${subject} ${detail}`.match(/r_[0-9a-z]{12}/g) ?? []) if (!last.has(id)) last.set(id, { actor, atMs });
  }
  return last;
}

const readRuleVersions = (ctx: BackendContext): RuleVersion[] =>
  listVersions(ctx.workspace.read)
    .toReversed()
    .map(({ id, author, note, createdAtMs }) => ({ id, author, note, createdAtMs, rules: findVersionPolicy(ctx.workspace.read, id)?.rules ?? [] }));
