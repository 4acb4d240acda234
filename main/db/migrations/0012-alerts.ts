import type { Migration } from '../migration.ts';

/**
 * One row a host, kind and key, however often its cause came; `opened_at_ms` is when it last became open, `ack_…` and `settled_…` are null while it is not.
 * `kpi_days` has the figures about the policy of each UTC day, as they were last computed on it.
 */
export const alerts: Migration = {
  version: 12,
  sql: `
CREATE TABLE alerts (
  id INTEGER PRIMARY KEY,
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  subject_json TEXT NOT NULL,
  count INTEGER NOT NULL,
  first_at_ms INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL,
  opened_at_ms INTEGER NOT NULL,
  ack_by TEXT,
  ack_at_ms INTEGER,
  ack_note TEXT,
  settled_at_ms INTEGER,
  settled_why TEXT,
  UNIQUE (host_id, kind, key)
) STRICT;
CREATE INDEX alerts_live ON alerts (host_id, kind) WHERE settled_at_ms IS NULL;
CREATE TABLE alert_mutes (
  id INTEGER PRIMARY KEY,
  kind TEXT,
  host_id TEXT REFERENCES hosts (id) ON DELETE CASCADE,
  zone TEXT,
  until_ms INTEGER NOT NULL,
  note TEXT NOT NULL,
  actor TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  CHECK (kind IS NOT NULL OR host_id IS NOT NULL OR zone IS NOT NULL)
) STRICT;
CREATE TABLE kpi_days (
  day_start_ms INTEGER PRIMARY KEY,
  values_json TEXT NOT NULL
) STRICT;
`,
};
