import type { Migration } from '../migration.ts';

/** Which keys a list that somebody imported says that hosts have, and whole keys by their fingerprints: see listed-key-store.ts. */
export const hostKeys: Migration = {
  version: 20,
  sql: `
CREATE TABLE listed_host_keys (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  fingerprint TEXT NOT NULL,
  algorithm TEXT,
  revoked INTEGER NOT NULL CHECK (revoked IN (0, 1)),
  source TEXT NOT NULL,
  listed_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE public_host_keys (
  fingerprint TEXT PRIMARY KEY,
  public_key TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
