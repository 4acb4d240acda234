import type { Migration } from '../migration.ts';

/** What was tried between hosts and what both ends saw; `tries_json` is an array of `ReachTry`. What follows from a try is computed when it is read. */
export const reachProofs: Migration = {
  version: 18,
  sql: `
CREATE TABLE reach_proofs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  version INTEGER,
  zone TEXT,
  sample INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  notes_json TEXT NOT NULL,
  tries_json TEXT NOT NULL
) STRICT;
CREATE INDEX reach_proofs_by_time ON reach_proofs (ended_at_ms);
`,
};
