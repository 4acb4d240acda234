import type { Migration } from '../migration.ts';

/** What the agent's runs took of their hosts, and how far a host's clock was off by the hour (the worst of the hour, host less console). */
export const hostFootprint: Migration = {
  version: 4,
  sql: `
CREATE TABLE host_runs (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  seq INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  command TEXT NOT NULL,
  exit_code INTEGER NOT NULL,
  cpu_ms INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  peak_bytes INTEGER,
  sent_bytes INTEGER,
  PRIMARY KEY (host_id, seq, command)
) STRICT, WITHOUT ROWID;
CREATE TABLE host_footprints (
  host_id TEXT PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE,
  summary_json TEXT,
  latency_json TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE clock_hours (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  hour_start_ms INTEGER NOT NULL,
  offset_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, hour_start_ms)
) STRICT, WITHOUT ROWID;
`,
};
