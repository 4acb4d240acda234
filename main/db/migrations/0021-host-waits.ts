import type { Migration } from '../migration.ts';

/** Hosts that a push left out because they were away, with the version and bundle that they are to get. `held`: why that is not sent by itself any more. */
export const hostWaits: Migration = {
  version: 21,
  sql: `
CREATE TABLE host_waits (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  push_id TEXT NOT NULL REFERENCES pushes (id),
  version INTEGER NOT NULL REFERENCES versions (id),
  bundle TEXT NOT NULL,
  since_ms INTEGER NOT NULL,
  held TEXT
) STRICT;
`,
};
