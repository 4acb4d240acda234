import type { Migration } from '../migration.ts';

/** With which portion of its push a host went, from 1; null where all went at once, or nothing changed on it. */
export const pushWaves: Migration = { version: 19, sql: 'ALTER TABLE push_hosts ADD COLUMN wave INTEGER;' };
