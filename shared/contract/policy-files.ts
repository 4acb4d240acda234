import { z } from 'zod';
import { PolicyDiffRow } from '../model/diff.ts';
import { PolicyVersionId, RuleId } from '../model/ids.ts';

/** A policy file as the person has it; `fileName` is for messages only. */
export const PolicyText = z.strictObject({ text: z.string(), fileName: z.string().min(1).max(4096).default('policy.yaml') });

/**
 * What becomes of edits that the draft had since the file was exported: `merge` refuses what both changed, `ours` takes the draft's there and `theirs` the
 * file's; `replace` takes the file as it is. A file that does not say from what it was exported replaces.
 */
export const ImportChoice = z.enum(['merge', 'ours', 'theirs', 'replace']);
export type ImportChoice = z.infer<typeof ImportChoice>;

export const ImportInput = PolicyText.extend({ dryRun: z.boolean(), take: ImportChoice.default('merge') });

/** `changes`: from the draft to what it becomes; empty when the import changes nothing but comments. */
export const ImportResult = z.strictObject({ zones: z.number().int(), rules: z.number().int(), how: z.enum(['replaced', 'merged']), changes: z.array(PolicyDiffRow) });
export type ImportResult = z.infer<typeof ImportResult>;

/** A line of a policy file, with a caret below the place. */
export const FilePlace = z.strictObject({ line: z.number().int().positive(), column: z.number().int().positive(), source: z.string(), caret: z.string() });
export type FilePlace = z.infer<typeof FilePlace>;

export const FileTestResult = z.strictObject({ ran: z.number().int(), broken: z.array(FilePlace.extend({ message: z.string() })) });
export type FileTestResult = z.infer<typeof FileTestResult>;

/** What happened to a rule: an edit of the draft (`version` null), or its first or last appearance in one form in a version. */
export const RuleEvent = z.strictObject({
  atMs: z.number().int(),
  by: z.string(),
  version: PolicyVersionId.nullable(),
  what: z.enum(['added', 'changed', 'removed', 'edited']),
  before: z.string().nullable(),
  after: z.string().nullable(),
  note: z.string(),
});
export type RuleEvent = z.infer<typeof RuleEvent>;

/** A rule of the draft, and since which version it reads as it does; `version` null: it was not pushed like this, and `by` is who edited it last. */
export const BlameRow = z.strictObject({ rule: RuleId, text: z.string(), version: PolicyVersionId.nullable(), atMs: z.number().int().nullable(), by: z.string(), note: z.string() });
export type BlameRow = z.infer<typeof BlameRow>;
