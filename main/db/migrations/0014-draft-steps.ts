import type { Migration } from '../migration.ts';

/**
 * The edits of the draft that can be taken back or done again, each as what it changed in the text of the draft (`shared/text/text-splice.ts`), with the hashes of
 * that text before and after. Those with `is_done` 0 were taken back. Not the audit log: steps are dropped, entries never.
 */
export const draftSteps: Migration = {
  version: 14,
  sql: `
CREATE TABLE draft_steps (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  is_done INTEGER NOT NULL CHECK (is_done IN (0, 1)),
  hash_before TEXT NOT NULL,
  hash_after TEXT NOT NULL,
  splice_at INTEGER NOT NULL,
  removed TEXT NOT NULL,
  inserted TEXT NOT NULL
) STRICT;
`,
};
