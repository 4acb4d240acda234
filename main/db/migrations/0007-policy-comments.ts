import type { Migration } from '../migration.ts';

/** What people wrote into policy files, beside the policies; and the states that were exported, which an import merges from. */
export const policyComments: Migration = {
  version: 7,
  sql: `
ALTER TABLE draft ADD COLUMN comments_json TEXT NOT NULL DEFAULT '{}';
ALTER TABLE versions ADD COLUMN comments_json TEXT NOT NULL DEFAULT '{}';
CREATE TABLE exported_states (
  hash TEXT PRIMARY KEY,
  policy_json TEXT NOT NULL,
  comments_json TEXT NOT NULL,
  exported_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
