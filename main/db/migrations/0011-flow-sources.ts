import type { Migration } from '../migration.ts';

/**
 * Logs that flows were imported from. Their flows are in tables of their own, between two addresses, because no agent saw them: whatever counts, judges or gates
 * by what agents recorded reads `flows` and so never meets them. Who the ends are is resolved when they are read.
 */
export const flowSources: Migration = {
  version: 11,
  sql: `
CREATE TABLE flow_sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL UNIQUE,
  imported_at_ms INTEGER NOT NULL,
  imported_by TEXT NOT NULL,
  figures_json TEXT NOT NULL
) STRICT;
CREATE TABLE imported_flows (
  id INTEGER PRIMARY KEY,
  source_id INTEGER NOT NULL REFERENCES flow_sources (id) ON DELETE CASCADE,
  consumer_address TEXT NOT NULL,
  provider_address TEXT NOT NULL,
  protocol TEXT NOT NULL,
  port INTEGER NOT NULL,
  verdict TEXT NOT NULL CHECK (verdict IN ('accepted', 'blocked')),
  basis TEXT NOT NULL,
  answered INTEGER NOT NULL CHECK (answered IN (0, 1)),
  connections INTEGER NOT NULL CHECK (connections > 0),
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX imported_flows_by_source ON imported_flows (source_id);
CREATE INDEX imported_flows_by_last_seen ON imported_flows (last_seen_at_ms);
CREATE INDEX imported_flows_by_ends ON imported_flows (provider_address, consumer_address, protocol, port);
CREATE TABLE imported_flow_hours (
  flow_id INTEGER NOT NULL REFERENCES imported_flows (id) ON DELETE CASCADE,
  hour_start_ms INTEGER NOT NULL,
  connections INTEGER NOT NULL CHECK (connections > 0),
  PRIMARY KEY (flow_id, hour_start_ms)
) STRICT, WITHOUT ROWID;
`,
};
