import type { Migration } from '../migration.ts';

/**
 * What a list over millions of flows needs: an index for each column that can be filtered by, ending in the time that pages are cut by; every peer address once, so that a network or a part of
 * a text is looked for among addresses and not among flows; and filters that people gave a name. `flow_peers` only grows: an address that no flow has any more finds nothing.
 */
export const flowPages: Migration = {
  version: 13,
  sql: `
CREATE INDEX flows_by_reporter ON flows (reporter, last_seen_at_ms);
CREATE INDEX flows_by_service ON flows (port, protocol, last_seen_at_ms);
CREATE INDEX flows_by_user ON flows (user_name, last_seen_at_ms);
CREATE INDEX flows_by_unit ON flows (unit, last_seen_at_ms);
CREATE INDEX flows_by_zone ON flows (zone, last_seen_at_ms);
CREATE INDEX flows_by_connections ON flows (connections);
CREATE INDEX imported_flows_by_connections ON imported_flows (connections);

CREATE TABLE flow_peers (address TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;
INSERT INTO flow_peers SELECT peer_address FROM flows UNION SELECT forward_to FROM flows WHERE direction = 'forward';
CREATE TRIGGER flows_have_peers AFTER INSERT ON flows BEGIN
  INSERT OR IGNORE INTO flow_peers VALUES (new.peer_address);
  INSERT OR IGNORE INTO flow_peers SELECT new.forward_to WHERE new.direction = 'forward';
END;

CREATE TABLE flow_views (
  name TEXT PRIMARY KEY,
  filters_json TEXT NOT NULL,
  saved_at_ms INTEGER NOT NULL,
  saved_by TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
