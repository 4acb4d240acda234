import type { Migration } from '../migration.ts';

/**
 * Conventions: times are epoch ms UTC in `…_at_ms` columns; ids are the branded text ids; '' stands for “unknown” where a
 * column is part of a key (NULLs never compare equal in a UNIQUE); JSON columns hold a document that zod parses on read.
 */
export const first: Migration = {
  version: 1,
  sql: `
CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE hosts (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  ssh_json TEXT,
  note TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE host_labels (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (host_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_addresses (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  source TEXT NOT NULL CHECK (source IN ('manual', 'facts')),
  PRIMARY KEY (host_id, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_keys (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  algorithm TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  pinned_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, fingerprint)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_consoles (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, address)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_states (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  facts_json TEXT,
  facts_at_ms INTEGER,
  status_json TEXT,
  status_at_ms INTEGER,
  last_contact_at_ms INTEGER,
  error_json TEXT
) STRICT, WITHOUT ROWID;

CREATE TABLE draft (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  revision INTEGER NOT NULL,
  policy_json TEXT NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
INSERT INTO draft VALUES (1, 0, '{"zones":[],"rules":[],"services":[],"ipLists":[],"tests":[]}', 0);
CREATE TABLE versions (
  id INTEGER PRIMARY KEY,
  parent INTEGER REFERENCES versions (id),
  hash TEXT NOT NULL,
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  policy_json TEXT NOT NULL
) STRICT;
CREATE TRIGGER versions_are_immutable BEFORE UPDATE ON versions BEGIN SELECT RAISE(ABORT, 'a policy version is never changed'); END;
CREATE TRIGGER versions_are_kept BEFORE DELETE ON versions BEGIN SELECT RAISE(ABORT, 'a policy version is never deleted'); END;
CREATE TABLE waivers (
  id INTEGER PRIMARY KEY,
  zone TEXT NOT NULL,
  mode TEXT NOT NULL,
  check_name TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

-- What was sent to a host; text and IR are kept, so that a rollback and a diff need no recompilation.
CREATE TABLE bundles (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  hash TEXT NOT NULL,
  version INTEGER,
  mode TEXT NOT NULL,
  zone TEXT,
  text TEXT NOT NULL,
  ruleset_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_policies (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  applied_bundle TEXT NOT NULL,
  applied_at_ms INTEGER NOT NULL,
  previous_bundle TEXT,
  FOREIGN KEY (host_id, applied_bundle) REFERENCES bundles (host_id, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE pushes (
  id TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,
  version INTEGER NOT NULL REFERENCES versions (id),
  kind TEXT NOT NULL CHECK (kind IN ('push', 'rollback')),
  author TEXT NOT NULL,
  note TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  outcome TEXT NOT NULL CHECK (outcome IN ('running', 'confirmed', 'partly', 'failed', 'interrupted')),
  confirm_within_seconds INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- No reference to hosts: the history of a push outlives a removed host.
CREATE TABLE push_hosts (
  push_id TEXT NOT NULL REFERENCES pushes (id),
  host_id TEXT NOT NULL,
  host_name TEXT NOT NULL,
  bundle TEXT NOT NULL,
  former_bundle TEXT,
  position INTEGER NOT NULL,
  PRIMARY KEY (push_id, host_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE push_steps (
  id INTEGER PRIMARY KEY,
  push_id TEXT NOT NULL,
  host_id TEXT NOT NULL,
  step TEXT NOT NULL,
  detail TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  FOREIGN KEY (push_id, host_id) REFERENCES push_hosts (push_id, host_id)
) STRICT;
CREATE INDEX push_steps_by_host ON push_steps (push_id, host_id, id);
CREATE INDEX push_steps_of_host ON push_steps (host_id, step, id);
CREATE TRIGGER push_steps_are_appended BEFORE UPDATE ON push_steps BEGIN SELECT RAISE(ABORT, 'push steps are append-only'); END;
CREATE TRIGGER push_steps_are_kept BEFORE DELETE ON push_steps BEGIN SELECT RAISE(ABORT, 'push steps are append-only'); END;

-- policy_version 0 and '' in user_name, unit, zone and forward_to mean “unknown” or “none”.
CREATE TABLE flows (
  id INTEGER PRIMARY KEY,
  reporter TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  direction TEXT NOT NULL CHECK (direction IN ('in', 'out', 'forward')),
  peer_address TEXT NOT NULL,
  forward_to TEXT NOT NULL,
  protocol TEXT NOT NULL,
  port INTEGER NOT NULL,
  user_name TEXT NOT NULL,
  unit TEXT NOT NULL,
  zone TEXT NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'would-block', 'blocked')),
  policy_version INTEGER NOT NULL,
  connections INTEGER NOT NULL CHECK (connections >= 0),
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  UNIQUE (reporter, direction, peer_address, forward_to, protocol, port, user_name, unit, zone, verdict, policy_version)
) STRICT;
CREATE INDEX flows_by_last_seen ON flows (last_seen_at_ms);
CREATE INDEX flows_by_verdict ON flows (verdict, last_seen_at_ms);
CREATE INDEX flows_by_peer ON flows (peer_address, last_seen_at_ms);
CREATE INDEX flows_by_forward ON flows (forward_to) WHERE direction = 'forward';
CREATE TABLE flow_hours (
  flow_id INTEGER NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
  hour_start_ms INTEGER NOT NULL,
  connections INTEGER NOT NULL CHECK (connections >= 0),
  PRIMARY KEY (flow_id, hour_start_ms)
) STRICT, WITHOUT ROWID;
-- The kernel's cumulative counters as last drained; the next snapshot's difference to these is what is new. See baseline-store.ts.
CREATE TABLE flow_baselines (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  set_name TEXT NOT NULL,
  key TEXT NOT NULL,
  packets INTEGER NOT NULL,
  owed INTEGER NOT NULL,
  expires_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, set_name, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE drain_cursors (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  epoch TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
-- How complete a host's record is in an hour: snapshots, lost packets, gaps, rejected elements. See recording-store.ts.
CREATE TABLE recording_hours (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  hour_start_ms INTEGER NOT NULL,
  figure TEXT NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (host_id, hour_start_ms, figure)
) STRICT, WITHOUT ROWID;

CREATE TABLE positions (id TEXT PRIMARY KEY, x REAL NOT NULL, y REAL NOT NULL) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT keeps the highest number in sqlite_sequence, which shows a cut tail.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at_ms INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
`,
};
