import { z } from 'zod';
import type { HostId } from '../../shared/model/ids.ts';
import { ZoneMode } from '../../shared/model/policy.ts';
import type { ReadDb } from './sql.ts';

/** How far one push came on one host, by its last step. `mode` null: its bundle is not kept any more. */
export type HostPush = { kind: string; version: number; author: string; note: string; step: string; detail: string; atMs: number; mode: ZoneMode | null };

const PushRow = z.object({ kind: z.string(), version: z.number(), author: z.string(), note: z.string(), step: z.string(), detail: z.string(), at_ms: z.number(), mode: ZoneMode.nullable() });

/** Newest first. */
export function listPushesOf(db: ReadDb, host: HostId, limit: number): HostPush[] {
  const sql = `SELECT p.kind, p.version, p.author, p.note, s.step, s.detail, s.at_ms, b.mode FROM push_hosts h JOIN pushes p ON p.id = h.push_id
    JOIN push_steps s ON s.id = (SELECT max(id) FROM push_steps WHERE push_id = h.push_id AND host_id = h.host_id)
    LEFT JOIN bundles b ON b.host_id = h.host_id AND b.hash = h.bundle WHERE h.host_id = ? ORDER BY p.number DESC LIMIT ?`;
  return db.all(sql, [host, limit]).map((raw) => {
    const { at_ms: atMs, ...row } = PushRow.parse(raw);
    return { ...row, atMs };
  });
}

export type HostCommand = { atMs: number; actor: string; action: string; detail: string };
const CommandRow = z.object({ at_ms: z.number(), actor: z.string(), action: z.string(), detail: z.string() });

/** What people did to the host by name, newest first. What the host said of itself is among its events, and how pushes went is told by them. */
export function listCommandsOn(db: ReadDb, name: string, limit: number): HostCommand[] {
  const sql = `SELECT at_ms, actor, action, detail FROM audit WHERE (subject = ? OR (action = 'labelRules.accept' AND ' ' || subject || ' ' LIKE ?))
    AND actor NOT LIKE 'host:%' AND (action LIKE 'hosts.%' OR action LIKE 'agents.%' OR action LIKE 'labelRules.%' OR action LIKE 'containments.%') ORDER BY seq DESC LIMIT ?`;
  return db.all(sql, [name, `% ${name} %`, limit]).map((raw) => {
    const { at_ms: atMs, ...row } = CommandRow.parse(raw);
    return { ...row, atMs };
  });
}
