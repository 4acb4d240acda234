import { z } from 'zod';
import type { LabelBook } from '../../shared/labels/assign-labels.ts';
import { HostId, LabelRuleId } from '../../shared/model/ids.ts';
import { type LabelClaim, LabelRule } from '../../shared/model/label-rule.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const RuleRow = z.object({ rule_json: z.string() });
const ClaimRow = z.object({ rule_id: LabelRuleId, host_id: HostId, holds: z.number(), because: z.string(), accepted_at_ms: z.number().nullable(), accepted_by: z.string().nullable() });

/** Rules in order, claims by rule and host. */
export function loadLabelBook(db: ReadDb): LabelBook {
  const rules = db.all('SELECT rule_json FROM label_rules ORDER BY position').map((raw) => LabelRule.parse(JSON.parse(RuleRow.parse(raw).rule_json)));
  const claims = rules.length === 0 ? [] : db.all('SELECT * FROM label_claims ORDER BY rule_id, host_id').map(toClaim);
  return { rules, claims };
}

function toClaim(raw: unknown): LabelClaim {
  const r = ClaimRow.parse(raw);
  const accepted = r.accepted_at_ms === null || r.accepted_by === null ? null : { atMs: r.accepted_at_ms, by: r.accepted_by };
  return { rule: r.rule_id, host: r.host_id, holds: r.holds === 1, because: r.because, accepted };
}

/** Replaces all rules and claims: edits are rare, and small beside what they are compared with. */
export function saveLabelBook(tx: WriteDb, book: LabelBook): void {
  tx.run('DELETE FROM label_rules');
  for (const [position, rule] of book.rules.entries()) tx.run('INSERT INTO label_rules (id, position, rule_json) VALUES (?, ?, ?)', [rule.id, position, JSON.stringify(rule)]);
  for (const claim of book.claims) insertClaim(tx, claim);
}

/** Replaces what one host says. */
export function saveHostClaims(tx: WriteDb, host: HostId, claims: readonly LabelClaim[]): void {
  tx.run('DELETE FROM label_claims WHERE host_id = ?', [host]);
  for (const claim of claims) insertClaim(tx, claim);
}

function insertClaim(tx: WriteDb, { rule, host, holds, because, accepted }: LabelClaim): void {
  tx.run('INSERT INTO label_claims (rule_id, host_id, holds, because, accepted_at_ms, accepted_by) VALUES (?, ?, ?, ?, ?, ?)', [
    rule,
    host,
    holds ? 1 : 0,
    because,
    accepted?.atMs ?? null,
    accepted?.by ?? null,
  ]);
}
