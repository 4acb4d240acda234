import { z } from 'zod';
import { likePattern } from './flow-query.ts';
import type { ReadDb } from './sql.ts';

/** Columns with few different values, each with an index that begins with it. */
export type ValueColumn = 'user_name' | 'unit' | 'zone';

const ValueRow = z.object({ value: z.string() });
const ServiceRow = z.object({ port: z.number(), protocol: z.string() });
export type SeenService = z.infer<typeof ServiceRow>;

/** Jumps from one value to the next in the index, so that it costs the number of values and not of flows. */
export const VALUES_SQL = (column: ValueColumn): string => `WITH RECURSIVE each (value) AS (
    SELECT min(${column}) FROM flows UNION ALL SELECT (SELECT min(${column}) FROM flows WHERE ${column} > each.value) FROM each WHERE each.value IS NOT NULL)
  SELECT value FROM each WHERE value IS NOT NULL AND value <> ''`;

/** Every value of a column once, sorted; without the unknown. */
export const listFlowValues = (db: ReadDb, column: ValueColumn): string[] => db.all(VALUES_SQL(column)).map((row) => ValueRow.parse(row).value);

/** First the ports, then for each its protocols, every step a search in one index: following the flows themselves to the next one reads a row of the table a service, which took twice as long. */
export const SERVICES_SQL = `WITH RECURSIVE ports (port) AS (
    SELECT min(port) FROM flows UNION ALL SELECT (SELECT min(port) FROM flows WHERE port > ports.port) FROM ports WHERE ports.port IS NOT NULL),
  each (port, protocol) AS (
    SELECT port, (SELECT min(protocol) FROM flows WHERE port = ports.port) FROM ports WHERE port IS NOT NULL
    UNION ALL SELECT port, (SELECT min(protocol) FROM flows WHERE port = each.port AND protocol > each.protocol) FROM each WHERE protocol IS NOT NULL)
  SELECT port, protocol FROM each WHERE protocol IS NOT NULL ORDER BY port, protocol`;

/** Every protocol and port that was seen, once, by port. */
export const listFlowServices = (db: ReadDb): SeenService[] => db.all(SERVICES_SQL).map((row) => ServiceRow.parse(row));

/** Every address that was ever a peer or the destination of a forwarded flow, sorted as text; also such of which no flow is left. */
export const listKnownPeers = (db: ReadDb): string[] => db.all('SELECT address AS value FROM flow_peers ORDER BY address').map((row) => ValueRow.parse(row).value);

/** Those that contain the text as it is, sorted as text. */
export const findKnownPeers = (db: ReadDb, text: string, limit: number): string[] =>
  db.all(`SELECT address AS value FROM flow_peers WHERE address LIKE :pattern ESCAPE '\\' ORDER BY address LIMIT :limit`, { pattern: likePattern(text), limit }).map((row) => ValueRow.parse(row).value);
