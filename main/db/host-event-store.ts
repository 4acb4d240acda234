import { z } from 'zod';
import { AgentEvent } from '../../shared/contract/agent-replies.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { ReadDb, WriteDb } from './sql.ts';

export type StoredEvent = { seq: number; atMs: number; event: string; fields: AgentEvent['fields'] };

/** As many as a host keeps, four times over: a host that makes up events cannot fill the disk. */
const KEPT_A_HOST = 2048;
const Row = z.object({ seq: z.number(), at_ms: z.number(), event: z.string(), fields_json: z.string() });

/** 0 when none is stored. */
export function lastEventSeq(db: ReadDb, host: HostId): number {
  return z.object({ seq: z.number() }).parse(db.one('SELECT coalesce(max(seq), 0) AS seq FROM host_events WHERE host_id = ?', [host])).seq;
}

/** Stores one, and drops the oldest beyond 2,048. */
export function addHostEvent(tx: WriteDb, host: HostId, { seq, atMs, event, fields }: StoredEvent): void {
  tx.run('INSERT INTO host_events (host_id, seq, at_ms, event, fields_json) VALUES (?, ?, ?, ?, ?)', [host, seq, atMs, event, JSON.stringify(fields)]);
  tx.run('DELETE FROM host_events WHERE host_id = ? AND seq <= (SELECT seq FROM host_events WHERE host_id = ? ORDER BY seq DESC LIMIT 1 OFFSET ?)', [host, host, KEPT_A_HOST]);
}

/** Newest first. */
export function listEventsOf(db: ReadDb, host: HostId, limit: number): StoredEvent[] {
  return db.all('SELECT seq, at_ms, event, fields_json FROM host_events WHERE host_id = ? ORDER BY seq DESC LIMIT ?', [host, limit]).map((raw) => {
    const row = Row.parse(raw);
    return { seq: row.seq, atMs: row.at_ms, event: row.event, fields: AgentEvent.shape.fields.parse(JSON.parse(row.fields_json)) };
  });
}

export function deleteEventsOf(tx: WriteDb, host: HostId): void {
  tx.run('DELETE FROM host_events WHERE host_id = ?', [host]);
}
