import type { Migration } from '../migration.ts';

/** Label rules in order, and what hosts say to fulfil of them: see label-rule-store.ts. */
export const labelRules: Migration = {
  version: 9,
  sql: `
CREATE TABLE label_rules (
  id TEXT PRIMARY KEY,
  position INTEGER NOT NULL,
  rule_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE label_claims (
  rule_id TEXT NOT NULL REFERENCES label_rules (id) ON DELETE CASCADE,
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  holds INTEGER NOT NULL CHECK (holds IN (0, 1)),
  because TEXT NOT NULL,
  accepted_at_ms INTEGER,
  accepted_by TEXT,
  PRIMARY KEY (rule_id, host_id),
  CHECK ((accepted_at_ms IS NULL) = (accepted_by IS NULL)),
  CHECK (holds = 1 OR accepted_at_ms IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX label_claims_of_host ON label_claims (host_id);
`,
};
