import { z } from 'zod';
import type { HostId } from '../../shared/model/ids.ts';
import { IN_LIST } from './flow-query.ts';
import type { ReadDb } from './sql.ts';

const Row = z.object({ direction: z.enum(['in', 'out']), protocol: z.string(), port: z.number() });
export type PortUse = z.infer<typeof Row>;

/** On which of these ports any of the reporters was ever seen to speak, each protocol, port and direction once. */
export function listPortsInUse(db: ReadDb, reporters: readonly HostId[], ports: readonly number[]): PortUse[] {
  const sql = `SELECT DISTINCT direction, protocol, port FROM flows WHERE direction <> 'forward' AND reporter IN ${IN_LIST('reporters')} AND port IN ${IN_LIST('ports')}`;
  return db.all(sql, { reporters: JSON.stringify(reporters), ports: JSON.stringify(ports) }).map((row) => Row.parse(row));
}
