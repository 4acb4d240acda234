import type { Migration } from '../migration.ts';

/**
 * Which machine answered for a host, by the id that it gave itself, and since when a host has an address and had one. Of the time before, only what was last said is known.
 * `standing`: `current` is what the host stands for; `waiting` answered instead of it, and nobody has said yet that it is the same host; `former` was one or the other.
 */
export const hostIdentity: Migration = {
  version: 22,
  sql: `
CREATE TABLE host_machines (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  machine_id TEXT NOT NULL,
  standing TEXT NOT NULL CHECK (standing IN ('current', 'waiting', 'former')),
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  PRIMARY KEY (host_id, machine_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX host_machines_one_of_each ON host_machines (host_id, standing) WHERE standing <> 'former';
INSERT INTO host_machines
  SELECT host_id, facts_json ->> 'machineId', 'current', coalesce(facts_at_ms, 0), coalesce(facts_at_ms, 0) FROM host_states WHERE coalesce(facts_json ->> 'machineId', '') <> '';

CREATE TABLE host_address_times (
  host_id TEXT NOT NULL REFERENCES hosts (id) ON DELETE CASCADE,
  address TEXT NOT NULL,
  first_seen_at_ms INTEGER NOT NULL,
  last_seen_at_ms INTEGER NOT NULL,
  left_at_ms INTEGER,
  PRIMARY KEY (host_id, address)
) STRICT, WITHOUT ROWID;
INSERT INTO host_address_times
  SELECT a.host_id, a.address, coalesce(s.facts_at_ms, 0), coalesce(s.facts_at_ms, 0), NULL FROM host_addresses a JOIN host_states s ON s.host_id = a.host_id WHERE a.source = 'facts';
`,
};
