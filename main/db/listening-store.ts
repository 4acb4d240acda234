import { z } from 'zod';
import { HostId } from '../../shared/model/ids.ts';
import type { ReadDb } from './sql.ts';

/** A listening socket of a host's last facts. */
export const ListeningSocket = z.object({ protocol: z.string(), address: z.string(), port: z.number().int(), process: z.string().nullable(), unit: z.string().nullable() });
export type ListeningSocket = z.infer<typeof ListeningSocket>;

const Row = z.object({ host_id: HostId, listening: z.string() });
const Stamp = z.object({ hosts: z.number(), newest: z.number().nullable(), sum: z.number().nullable() });

/** What listens on every host that ever gave facts, without the rest of these; a host that gave none is missing. */
export function listListeningSockets(db: ReadDb): Map<HostId, ListeningSocket[]> {
  const rows = db.all("SELECT host_id, coalesce(json_extract(facts_json, '$.listening'), '[]') AS listening FROM host_states WHERE facts_json IS NOT NULL");
  return new Map(rows.map((raw) => Row.parse(raw)).map(({ host_id, listening }) => [host_id, z.array(ListeningSocket).parse(JSON.parse(listening))]));
}

/** Changes whenever facts are stored or a host that has some is removed. */
export function readFactsStamp(db: ReadDb): string {
  const { hosts, newest, sum } = Stamp.parse(db.one('SELECT count(*) AS hosts, max(facts_at_ms) AS newest, total(facts_at_ms) AS sum FROM host_states WHERE facts_json IS NOT NULL'));
  return `${hosts} ${newest} ${sum}`;
}
