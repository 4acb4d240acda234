import { z } from 'zod';
import { ReachProof, ReachTry } from '../../shared/model/reach-proof.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({
  id: z.number(),
  started_at_ms: z.number(),
  ended_at_ms: z.number(),
  actor: z.string(),
  version: z.number().nullable(),
  zone: z.string().nullable(),
  sample: z.number(),
  seed: z.number(),
  notes_json: z.string(),
  tries_json: z.string(),
});

function toProof(raw: unknown): ReachProof {
  const row = Row.parse(raw);
  return {
    id: row.id,
    startedAtMs: row.started_at_ms,
    endedAtMs: row.ended_at_ms,
    by: row.actor,
    version: row.version,
    zone: row.zone,
    sample: row.sample,
    seed: row.seed,
    notes: ReachProof.shape.notes.parse(JSON.parse(row.notes_json)),
    tries: z.array(ReachTry).parse(JSON.parse(row.tries_json)),
  };
}

/** The new proof's number. */
export const insertReachProof = (tx: WriteDb, { startedAtMs, endedAtMs, by, version, zone, sample, seed, notes, tries }: Omit<ReachProof, 'id'>): number =>
  tx.run('INSERT INTO reach_proofs (started_at_ms, ended_at_ms, actor, version, zone, sample, seed, notes_json, tries_json) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)', [
    startedAtMs, endedAtMs, by, version, zone, sample, seed, JSON.stringify(notes), JSON.stringify(tries),
  ]).lastId;

/** Newest first. */
export const listReachProofs = (db: ReadDb, limit: number): ReachProof[] => db.all('SELECT * FROM reach_proofs ORDER BY id DESC LIMIT ?', [limit]).map(toProof);

/** The newest where `id` is null. */
export function findReachProof(db: ReadDb, id: number | null): ReachProof | undefined {
  const row = id === null ? db.one('SELECT * FROM reach_proofs ORDER BY id DESC LIMIT 1') : db.one('SELECT * FROM reach_proofs WHERE id = ?', [id]);
  return row === undefined ? undefined : toProof(row);
}

/** Those that ended within the period, oldest first. */
export const listReachProofsWithin = (db: ReadDb, { fromMs, untilMs }: { fromMs: number; untilMs: number }): ReachProof[] =>
  db.all('SELECT * FROM reach_proofs WHERE ended_at_ms >= ? AND ended_at_ms < ? ORDER BY ended_at_ms, id', [fromMs, untilMs]).map(toProof);
