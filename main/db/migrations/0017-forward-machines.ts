import type { Migration } from '../migration.ts';

/** On which machine a lease is held, since process numbers say nothing elsewhere; and events that could not be read or made into a message: kept beside the spool, and counted for good. */
export const forwardMachines: Migration = {
  version: 17,
  sql: `
ALTER TABLE forward_destinations ADD COLUMN lease_machine TEXT NOT NULL DEFAULT '';
ALTER TABLE forward_destinations ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0;
CREATE TABLE forward_set_aside (
  destination TEXT NOT NULL REFERENCES forward_destinations (name) ON DELETE CASCADE,
  event_id INTEGER NOT NULL,
  uid TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  event_json TEXT NOT NULL,
  reason TEXT NOT NULL,
  set_aside_at_ms INTEGER NOT NULL,
  PRIMARY KEY (destination, event_id)
) STRICT;
`,
};
