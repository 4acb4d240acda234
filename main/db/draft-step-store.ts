import { z } from 'zod';
import type { TextSplice } from '../../shared/text/text-splice.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Who did what to the draft, and when. */
export type StepHead = { atMs: number; actor: string; action: string; subject: string };
export type StepRow = StepHead & { id: number; hashBefore: string; hashAfter: string; splice: TextSplice };

const Head = z.object({ at_ms: z.number(), actor: z.string(), action: z.string(), subject: z.string() });
const Row = Head.extend({ id: z.number(), hash_before: z.string(), hash_after: z.string(), splice_at: z.number(), removed: z.string(), inserted: z.string() });

const toHead = (raw: unknown): StepHead => {
  const { at_ms: atMs, ...rest } = Head.parse(raw);
  return { atMs, ...rest };
};

/** Those that are done, the newest first; or those that were taken back, the one to do next first. */
export function listStepHeads(db: ReadDb, which: 'done' | 'undone'): StepHead[] {
  const order = which === 'done' ? 'is_done = 1 ORDER BY id DESC' : 'is_done = 0 ORDER BY id';
  return db.all(`SELECT at_ms, actor, action, subject FROM draft_steps WHERE ${order}`).map(toHead);
}

/** The first of these; undefined when there is none. */
export function findStep(db: ReadDb, which: 'done' | 'undone'): StepRow | undefined {
  const order = which === 'done' ? 'is_done = 1 ORDER BY id DESC' : 'is_done = 0 ORDER BY id';
  const raw = db.one(`SELECT id, at_ms, actor, action, subject, hash_before, hash_after, splice_at, removed, inserted FROM draft_steps WHERE ${order} LIMIT 1`);
  if (raw === undefined) return undefined;
  const row = Row.parse(raw);
  return { ...toHead(raw), id: row.id, hashBefore: row.hash_before, hashAfter: row.hash_after, splice: { at: row.splice_at, removed: row.removed, inserted: row.inserted } };
}

export function markStep(tx: WriteDb, id: number, which: 'done' | 'undone'): void {
  tx.run('UPDATE draft_steps SET is_done = ? WHERE id = ?', [which === 'done' ? 1 : 0, id]);
}

/** A new edit: what was taken back before it can no longer be done again, and of all steps the `keep` newest stay, in at most `keepBytes` of text. */
export function addStep(tx: WriteDb, step: Omit<StepRow, 'id'>, { keep, keepBytes }: { keep: number; keepBytes: number }): void {
  tx.run('DELETE FROM draft_steps WHERE is_done = 0');
  tx.run('INSERT INTO draft_steps (at_ms, actor, action, subject, is_done, hash_before, hash_after, splice_at, removed, inserted) VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)', [
    step.atMs,
    step.actor,
    step.action,
    step.subject,
    step.hashBefore,
    step.hashAfter,
    step.splice.at,
    step.splice.removed,
    step.splice.inserted,
  ]);
  tx.run('DELETE FROM draft_steps WHERE id <= (SELECT id FROM draft_steps ORDER BY id DESC LIMIT 1 OFFSET ?)', [keep]);
  tx.run('DELETE FROM draft_steps WHERE id IN (SELECT id FROM (SELECT id, sum(octet_length(removed) + octet_length(inserted)) OVER (ORDER BY id DESC) AS bytes FROM draft_steps) WHERE bytes > ?)', [keepBytes]);
}

export function deleteSteps(tx: WriteDb): void {
  tx.run('DELETE FROM draft_steps');
}
