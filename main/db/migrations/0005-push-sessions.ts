import type { Migration } from '../migration.ts';

/** What a push was to do with live connections that its rules forbid, and for each host what became of them (null: nothing was to be done, or it was not come to). */
export const pushSessions: Migration = {
  version: 5,
  sql: `
ALTER TABLE pushes ADD COLUMN sessions TEXT NOT NULL DEFAULT 'keep' CHECK (sessions IN ('keep', 'cut'));
ALTER TABLE push_hosts ADD COLUMN sessions_cut_json TEXT;
`,
};
