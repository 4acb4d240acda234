import type { Migration } from '../migration.ts';

/** Which process had the local end of a flow, as far as the host could tell; not part of the flow's key, or each sample would split it. */
export const flowProcess: Migration = {
  version: 6,
  sql: `
ALTER TABLE flows ADD COLUMN process TEXT NOT NULL DEFAULT '';
ALTER TABLE flows ADD COLUMN process_confidence TEXT NOT NULL DEFAULT 'unknown' CHECK (process_confidence IN ('exact', 'inferred', 'unknown'));
`,
};
