import type { Migration } from '../migration.ts';

/**
 * Hosts that are reached by stick (`carried`): their collections, each with the source that has its flows, and the orders that were carried to them. A kit is a stick; the private
 * part of its key is on it alone. `kit` null: nobody signed. Of a host's collections at most one is `uses_facts`: what is known of the host comes from it.
 */
export const carriedBundles: Migration = {
  version: 15,
  sql: `
ALTER TABLE hosts ADD COLUMN carried INTEGER NOT NULL DEFAULT 0 CHECK (carried IN (0, 1));
CREATE TABLE kits (
  id TEXT PRIMARY KEY,
  public_key TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL
) STRICT;
CREATE TABLE collections (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  source_id INTEGER NOT NULL UNIQUE REFERENCES flow_sources (id) ON DELETE CASCADE,
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  bundle_id TEXT NOT NULL UNIQUE,
  machine TEXT NOT NULL,
  kit TEXT,
  collected_at_ms INTEGER NOT NULL,
  uses_facts INTEGER NOT NULL CHECK (uses_facts IN (0, 1)),
  facts_json TEXT NOT NULL,
  absences_json TEXT NOT NULL,
  rules_json TEXT NOT NULL
) STRICT;
CREATE INDEX collections_by_host ON collections (host_id);
CREATE TABLE carried_orders (
  push_id TEXT PRIMARY KEY,
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  bundle TEXT NOT NULL,
  former_bundle TEXT,
  version INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  note TEXT NOT NULL,
  made_at_ms INTEGER NOT NULL,
  made_by TEXT NOT NULL
) STRICT;
CREATE INDEX carried_orders_by_host ON carried_orders (host_id);
`,
};
