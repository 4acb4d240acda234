import type { Migration } from '../migration.ts';

/** What the kernels' counters said when they were last read, and on which evidence zones were moved (by zone's name; beside the policy, not part of it). */
export const evidence: Migration = {
  version: 10,
  sql: `
CREATE TABLE rule_counters (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  read_at_ms INTEGER NOT NULL,
  since_at_ms INTEGER,
  bundle TEXT,
  counters_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE draft ADD COLUMN evidence_json TEXT NOT NULL DEFAULT '{}';
ALTER TABLE versions ADD COLUMN evidence_json TEXT NOT NULL DEFAULT '{}';
`,
};
