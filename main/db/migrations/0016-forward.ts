import type { Migration } from '../migration.ts';

/**
 * Where events are sent, and the spool that they wait in. A destination has got everything up to `cursor`; what came after `resend_from` is kept, since it is sent again
 * when a connection breaks that said of nothing that it arrived. `uid` names an event for those who get it twice. Who sends holds the lease.
 */
export const forward: Migration = {
  version: 16,
  sql: `
CREATE TABLE forward_destinations (
  name TEXT PRIMARY KEY,
  target_json TEXT NOT NULL,
  format TEXT NOT NULL,
  kinds_json TEXT NOT NULL,
  added_at_ms INTEGER NOT NULL,
  added_by TEXT NOT NULL,
  cursor INTEGER NOT NULL,
  resend_from INTEGER NOT NULL,
  sent INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0,
  next_try_at_ms INTEGER NOT NULL DEFAULT 0,
  last_sent_at_ms INTEGER,
  last_error TEXT,
  lease_token TEXT,
  lease_pid INTEGER NOT NULL DEFAULT 0,
  lease_start_token TEXT NOT NULL DEFAULT '',
  lease_until_ms INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE forward_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event_json TEXT NOT NULL
) STRICT;
CREATE INDEX forward_events_by_kind ON forward_events (kind);
`,
};
