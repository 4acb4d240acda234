import type { Migration } from '../migration.ts';

/** What agents recorded on their hosts. `seq` is the host's own number and, as the highest stored one, the cursor of `events`. */
export const hostEvents: Migration = {
  version: 3,
  sql: `
CREATE TABLE host_events (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  event TEXT NOT NULL,
  fields_json TEXT NOT NULL,
  PRIMARY KEY (host_id, seq)
) STRICT, WITHOUT ROWID;
`,
};
