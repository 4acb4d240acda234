import { z } from 'zod';
import { HostId, PolicyVersionId, PushId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Rules that were carried to a host, under the id that its agent is told. `bundle` and `formerBundle` are hashes; `seq` is the number that was signed with it. */
export type CarriedOrder = {
  push: PushId;
  host: HostId;
  bundle: string;
  formerBundle: string | null;
  version: PolicyVersionId;
  seq: number;
  note: string;
  madeAtMs: number;
  madeBy: string;
};

const Row = z.object({
  push_id: PushId,
  host_id: HostId,
  bundle: z.string(),
  former_bundle: z.string().nullable(),
  version: PolicyVersionId,
  seq: z.number(),
  note: z.string(),
  made_at_ms: z.number(),
  made_by: z.string(),
});
const Highest = z.object({ seq: z.number() });

function toOrder(raw: unknown): CarriedOrder {
  const r = Row.parse(raw);
  return {
    push: r.push_id,
    host: r.host_id,
    bundle: r.bundle,
    formerBundle: r.former_bundle,
    version: r.version,
    seq: r.seq,
    note: r.note,
    madeAtMs: r.made_at_ms,
    madeBy: r.made_by,
  };
}

export function findCarriedOrder(db: ReadDb, push: string): CarriedOrder | undefined {
  const row = db.one('SELECT * FROM carried_orders WHERE push_id = ?', [push]);
  return row === undefined ? undefined : toOrder(row);
}

/** The order whose rules were signed for the host with this number. */
export function findOrderBySeq(db: ReadDb, host: HostId, seq: number): CarriedOrder | undefined {
  const row = db.one('SELECT * FROM carried_orders WHERE host_id = ? AND seq = ?', [host, seq]);
  return row === undefined ? undefined : toOrder(row);
}

/** The one that lies on the stick, if it is the stick of the last export. */
export function findNewestOrder(db: ReadDb, host: HostId): CarriedOrder | undefined {
  const row = db.one('SELECT * FROM carried_orders WHERE host_id = ? ORDER BY seq DESC LIMIT 1', [host]);
  return row === undefined ? undefined : toOrder(row);
}

/** The highest number that was signed for the host and carried; 0 for none. */
export const highestCarriedSeq = (db: ReadDb, host: HostId): number =>
  Highest.parse(db.one('SELECT coalesce(max(seq), 0) AS seq FROM carried_orders WHERE host_id = ?', [host])).seq;

export function insertCarriedOrder(tx: WriteDb, order: CarriedOrder): void {
  tx.run('INSERT INTO carried_orders (push_id, host_id, bundle, former_bundle, version, seq, note, made_at_ms, made_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    order.push,
    order.host,
    order.bundle,
    order.formerBundle,
    order.version,
    order.seq,
    order.note,
    order.madeAtMs,
    order.madeBy,
  ]);
}

/** Of an order that never got to a stick. */
export function deleteCarriedOrder(tx: WriteDb, push: PushId): void {
  tx.run('DELETE FROM carried_orders WHERE push_id = ?', [push]);
}
