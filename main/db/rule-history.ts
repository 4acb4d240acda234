import { z } from 'zod';
import { RuleId } from '../../shared/model/ids.ts';
import type { ReadDb } from './sql.ts';

const Row = z.object({ id: RuleId, at_ms: z.number() });

/** When each rule came into a version first. SQLite reads the documents: parsing every version of every policy here would take seconds. */
export function listFirstPushes(db: ReadDb): Map<RuleId, number> {
  const sql = "SELECT json_extract(rule.value, '$.id') AS id, min(v.created_at_ms) AS at_ms FROM versions v, json_each(v.policy_json, '$.rules') AS rule GROUP BY 1";
  return new Map(db.all(sql).map((raw) => Row.parse(raw)).map((r) => [r.id, r.at_ms]));
}
