import { z } from 'zod';
import { DnsName } from '../../shared/model/dns-name.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { NameAsker, type NameLedger } from '../../shared/model/name-ledger.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** Of one name by one asker; the oldest go first. */
const KEPT_ADDRESSES = 64;
/** Longer than any list may count an answer, so that what a host still runs can be explained. */
const KEPT_DAYS = 120;
const DAY_MS = 86_400_000;

const Revision = z.object({ revision: z.number() });
const SightingRow = z.object({ name: DnsName, address: z.string(), host_id: NameAsker, first_seen_at_ms: z.number(), last_seen_at_ms: z.number(), times: z.number() });
const QuestionRow = z.object({ name: DnsName, host_id: NameAsker, asked_at_ms: z.number(), problem: z.string().nullable() });

/** What one asker got for one name; `seenBy` null is the console. `addresses` are canonical, at most as many as are kept; none: see `problem`. */
export type NameAnswer = { readonly name: DnsName; readonly seenBy: HostId | null; readonly addresses: readonly string[]; readonly problem: string | null };

/** Grows with every answer that is stored. */
export function readLedgerRevision(db: ReadDb): number {
  return Revision.parse(db.one('SELECT revision FROM name_ledger_revision')).revision;
}

/** All of it, in the order of names, askers and addresses. */
export function loadNameLedger(db: ReadDb): NameLedger {
  return {
    sightings: db.all('SELECT * FROM name_sightings ORDER BY name, host_id, address').map((raw) => {
      const row = SightingRow.parse(raw);
      return { name: row.name, address: row.address, seenBy: row.host_id, firstSeenAtMs: row.first_seen_at_ms, lastSeenAtMs: row.last_seen_at_ms, times: row.times };
    }),
    questions: db.all('SELECT * FROM name_questions ORDER BY name, host_id').map((raw) => {
      const row = QuestionRow.parse(raw);
      return { name: row.name, seenBy: row.host_id, askedAtMs: row.asked_at_ms, problem: row.problem };
    }),
  };
}

/** Adds what was seen to the ledger, and drops what is beyond its bounds. A failure to resolve takes nothing away. */
export function saveNameAnswers(tx: WriteDb, answers: readonly NameAnswer[], atMs: number): void {
  for (const { name, seenBy, addresses, problem } of answers) {
    tx.run(
      `INSERT INTO name_questions (name, host_id, asked_at_ms, problem) VALUES (?, ?, ?, ?)
       ON CONFLICT (name, coalesce(host_id, '')) DO UPDATE SET asked_at_ms = excluded.asked_at_ms, problem = excluded.problem`,
      [name, seenBy, atMs, problem],
    );
    for (const address of addresses.slice(0, KEPT_ADDRESSES)) {
      tx.run(
        `INSERT INTO name_sightings (name, address, host_id, first_seen_at_ms, last_seen_at_ms, times) VALUES (?, ?, ?, ?, ?, 1)
         ON CONFLICT (name, coalesce(host_id, ''), address) DO UPDATE SET last_seen_at_ms = max(last_seen_at_ms, excluded.last_seen_at_ms), times = times + 1`,
        [name, address, seenBy, atMs, atMs],
      );
    }
    tx.run(
      `DELETE FROM name_sightings WHERE rowid IN (
         SELECT rowid FROM name_sightings WHERE name = ? AND coalesce(host_id, '') = ? ORDER BY last_seen_at_ms DESC, address LIMIT -1 OFFSET ?)`,
      [name, seenBy ?? '', KEPT_ADDRESSES],
    );
  }
  // Looks at every row: once a collection, not once a host.
  if (answers.some(({ seenBy }) => seenBy === null)) {
    tx.run('DELETE FROM name_sightings WHERE last_seen_at_ms < ?', [atMs - KEPT_DAYS * DAY_MS]);
    tx.run('DELETE FROM name_questions WHERE asked_at_ms < ?', [atMs - KEPT_DAYS * DAY_MS]);
  }
  tx.run('UPDATE name_ledger_revision SET revision = revision + 1');
}
