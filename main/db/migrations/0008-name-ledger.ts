import type { Migration } from '../migration.ts';

/** Who resolved which name to which addresses, and when; without a host it was the console. The revision counts every change, so that whoever derived something from the ledger sees that it is old. */
export const nameLedger: Migration = {
  version: 8,
  sql: `
CREATE TABLE name_sightings (
  name TEXT NOT NULL,
  address TEXT NOT NULL,
  host_id TEXT REFERENCES hosts (id) ON DELETE CASCADE,
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  times INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX name_sightings_key ON name_sightings (name, coalesce(host_id, ''), address);
CREATE INDEX name_sightings_host ON name_sightings (host_id);
CREATE TABLE name_questions (
  name TEXT NOT NULL,
  host_id TEXT REFERENCES hosts (id) ON DELETE CASCADE,
  asked_at_ms INTEGER NOT NULL,
  problem TEXT
) STRICT;
CREATE UNIQUE INDEX name_questions_key ON name_questions (name, coalesce(host_id, ''));
CREATE INDEX name_questions_host ON name_questions (host_id);
CREATE TABLE name_ledger_revision (revision INTEGER NOT NULL) STRICT;
INSERT INTO name_ledger_revision VALUES (0);
`,
};
