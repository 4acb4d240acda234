import { z } from 'zod';
import { Policy } from '../../shared/model/policy.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ revision: z.number(), policy_json: z.string() });

/**
 * The one draft, kept as one document: it is compiled, compared, hashed and exported as a whole, and so it can never be
 * stored half edited. `revision` rises by one with every change.
 */
export function loadDraft(db: ReadDb): { revision: number; policy: Policy } {
  const row = Row.parse(db.one('SELECT revision, policy_json FROM draft WHERE id = 1'));
  return { revision: row.revision, policy: Policy.parse(JSON.parse(row.policy_json)) };
}

export function readDraftRevision(db: ReadDb): number {
  return z.object({ revision: z.number() }).parse(db.one('SELECT revision FROM draft WHERE id = 1')).revision;
}

/** Written in the order of the schema, so that the same draft is the same text, whoever made its objects. */
export function saveDraft(tx: WriteDb, policy: Policy, atMs: number): void {
  tx.run('UPDATE draft SET revision = revision + 1, policy_json = ?, updated_at_ms = ? WHERE id = 1', [JSON.stringify(Policy.parse(policy)), atMs]);
}

/** Makes the revision at least this one, without a change of the draft: for content that came from elsewhere, beside which an equal number would mean another draft. */
export function raiseDraftRevision(tx: WriteDb, revision: number): void {
  tx.run('UPDATE draft SET revision = max(revision, ?) WHERE id = 1', [revision]);
}

/** A readiness check that a person waived, with the reason that reports print. */
export type Waiver = { zone: string; mode: string; check: string; reason: string; actor: string; atMs: number };

const WaiverRow = z.object({ zone: z.string(), mode: z.string(), check_name: z.string(), reason: z.string(), actor: z.string(), at_ms: z.number() });

/** Those given since then, newest first. */
export function listWaivers(db: ReadDb, sinceMs: number): Waiver[] {
  const rows = db.all('SELECT zone, mode, check_name, reason, actor, at_ms FROM waivers WHERE at_ms >= ? ORDER BY at_ms DESC, rowid DESC', [sinceMs]);
  return rows.map((row) => {
    const { check_name: check, at_ms: atMs, ...rest } = WaiverRow.parse(row);
    return { ...rest, check, atMs };
  });
}

export function insertWaiver(tx: WriteDb, waiver: Waiver): void {
  tx.run('INSERT INTO waivers (zone, mode, check_name, reason, actor, at_ms) VALUES (?, ?, ?, ?, ?, ?)', [
    waiver.zone,
    waiver.mode,
    waiver.check,
    waiver.reason,
    waiver.actor,
    waiver.atMs,
  ]);
}

const TextRow = z.object({ policy: z.string(), comments: z.string(), evidence: z.string() });
export type DraftTexts = z.infer<typeof TextRow>;

/** Everything of the draft as it is stored, the policy without its containments. SQLite takes these out: parsing a large policy for it would take longer than the edit. */
export function readDraftTexts(db: ReadDb): DraftTexts {
  return TextRow.parse(db.one("SELECT json_remove(policy_json, '$.containments') AS policy, comments_json AS comments, evidence_json AS evidence FROM draft WHERE id = 1"));
}

/** Stores texts that were read so, beside the containments that are there. */
export function saveDraftTexts(tx: WriteDb, { policy, comments, evidence }: DraftTexts, atMs: number): void {
  const containments = "coalesce(json_extract(policy_json, '$.containments'), json('[]'))";
  tx.run(`UPDATE draft SET revision = revision + 1, policy_json = json_set(?, '$.containments', json(${containments})), comments_json = ?, evidence_json = ?, updated_at_ms = ? WHERE id = 1`, [policy, comments, evidence, atMs]);
}
