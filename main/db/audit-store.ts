import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { AuditEvent } from '../../shared/contract/views.ts';
import { spoolEvent } from './forward-spool.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ seq: z.number(), at_ms: z.number(), actor: z.string(), action: z.string(), subject: z.string(), detail: z.string(), hash: z.string() });
const Tail = z.object({ hash: z.string(), seq: z.number() });

/** Who did what to what. `detail` is one line for people; it never carries a secret. */
export type NewAuditEvent = { atMs: number; actor: string; action: string; subject: string; detail: string };

/** See appendAudit. */
export const hashOf = (previousHash: string, seq: number, e: NewAuditEvent): string =>
  createHash('sha256')
    .update(previousHash)
    .update('\n')
    .update(JSON.stringify([seq, e.atMs, e.actor, e.action, e.subject, e.detail]))
    .digest('hex');

/** Appends one entry to the chain: hash = sha256(former hash, newline, JSON array of the fields), and to what is forwarded. Call it in the transaction of what it records. */
export function appendAudit(tx: WriteDb, event: NewAuditEvent): void {
  const tail = tx.one('SELECT hash, seq FROM audit ORDER BY seq DESC LIMIT 1');
  const { hash: previousHash, seq: previousSeq } = tail === undefined ? { hash: '', seq: 0 } : Tail.parse(tail);
  const seq = previousSeq + 1;
  const { atMs } = event;
  // As SQLite keeps it: half of a surrogate pair, which a host can send, comes back as U+FFFD, and the hash would not hold.
  const [actor, action, subject, detail] = [event.actor.toWellFormed(), event.action.toWellFormed(), event.subject.toWellFormed(), event.detail.toWellFormed()];
  const hash = hashOf(previousHash, seq, { atMs, actor, action, subject, detail });
  tx.run('INSERT INTO audit (seq, at_ms, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)', [
    seq,
    atMs,
    actor,
    action,
    subject,
    detail,
    hash,
  ]);
  spoolEvent(tx, 'audit', atMs, () => ({ kind: 'audit', seq, actor, action, subject, detail, hash }));
}

const toEvent = (raw: unknown): AuditEvent => {
  const r = Row.parse(raw);
  return { seq: r.seq, atMs: r.at_ms, actor: r.actor, action: r.action, subject: r.subject, detail: r.detail, hash: r.hash };
};

/** Newest first, entries below `beforeSeq` when given. */
export function listAudit(db: ReadDb, limit: number, beforeSeq: number | null): AuditEvent[] {
  return db.all('SELECT * FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?', [beforeSeq ?? Number.MAX_SAFE_INTEGER, limit]).map(toEvent);
}

/** All, oldest first, one at a time. */
export function* iterateAudit(db: ReadDb): Generator<AuditEvent, void, void> {
  for (const raw of db.iterate('SELECT * FROM audit ORDER BY seq')) yield toEvent(raw);
}

/** Those of people, newest first; what hosts recorded is left out, and so are the steps of a push on each host: its begin and end are there. */
export function listAuditOfPeople(db: ReadDb, limit: number): AuditEvent[] {
  return db.all("SELECT * FROM audit WHERE actor NOT LIKE 'host:%' AND (action NOT LIKE 'push.%' OR subject GLOB 'p_*') ORDER BY seq DESC LIMIT ?", [limit]).map(toEvent);
}

/** Edits of the policy whose subject or detail names `name`, newest first. */
export function listAuditNaming(db: ReadDb, name: string, limit: number): AuditEvent[] {
  return db.all("SELECT * FROM audit WHERE action LIKE 'policy.%' AND (instr(subject, ?) > 0 OR instr(detail, ?) > 0) ORDER BY seq DESC LIMIT ?", [name, name, limit]).map(toEvent);
}

/** How many entries an actor has since `sinceMs`. */
export function countAuditOf(db: ReadDb, actor: string, sinceMs: number): number {
  return z.object({ entries: z.number() }).parse(db.one('SELECT count(*) AS entries FROM audit WHERE actor = ? AND at_ms >= ?', [actor, sinceMs])).entries;
}

/**
 * Recomputes the chain from the beginning. `brokenAt` is the first number that is missing, changed or out of place, or null;
 * a cut tail is seen too, as long as SQLite's own sequence counter was left alone.
 */
export function verifyAudit(db: ReadDb): { entries: number; brokenAt: number | null } {
  let previousHash = '';
  let entries = 0;
  let brokenAt: number | null = null;
  for (const raw of db.iterate('SELECT * FROM audit ORDER BY seq')) {
    const event = toEvent(raw);
    entries += 1;
    if (brokenAt === null && (event.seq !== entries || event.hash !== hashOf(previousHash, event.seq, event))) brokenAt = Math.min(event.seq, entries);
    previousHash = event.hash;
  }
  const counter = z.object({ seq: z.number() }).optional().parse(db.one("SELECT seq FROM sqlite_sequence WHERE name = 'audit'"));
  if (brokenAt === null && (counter?.seq ?? 0) !== entries) brokenAt = entries + 1;
  return { entries, brokenAt };
}
