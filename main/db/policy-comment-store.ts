import { z } from 'zod';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { Policy } from '../../shared/model/policy.ts';
import { PolicyComments } from '../../shared/policy/policy-comments.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ comments_json: z.string() });
const toComments = (row: unknown): PolicyComments => PolicyComments.parse(JSON.parse(Row.parse(row).comments_json));

export const loadDraftComments = (db: ReadDb): PolicyComments => toComments(db.one('SELECT comments_json FROM draft WHERE id = 1'));

export function saveDraftComments(tx: WriteDb, comments: PolicyComments): void {
  tx.run('UPDATE draft SET comments_json = ? WHERE id = 1', [JSON.stringify(comments)]);
}

/** None for versions from before comments were kept. */
export function findVersionComments(db: ReadDb, id: PolicyVersionId): PolicyComments {
  const row = db.one('SELECT comments_json FROM versions WHERE id = ?', [id]);
  return row === undefined ? {} : toComments(row);
}

/** A draft as it was exported. */
export type PolicyState = { readonly policy: Policy; readonly comments: PolicyComments };

const StateRow = Row.extend({ policy_json: z.string() });

export function findExportedState(db: ReadDb, hash: string): PolicyState | undefined {
  const row = db.one('SELECT policy_json, comments_json FROM exported_states WHERE hash = ?', [hash]);
  return row === undefined ? undefined : { policy: Policy.parse(JSON.parse(StateRow.parse(row).policy_json)), comments: toComments(row) };
}

/** Keeps the state as the newest, and of all states the `keep` newest. Idempotent but for the time. */
export function saveExportedState(tx: WriteDb, hash: string, state: PolicyState, exportedAtMs: number, keep: number): void {
  tx.run('INSERT INTO exported_states (hash, policy_json, comments_json, exported_at_ms) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO UPDATE SET exported_at_ms = excluded.exported_at_ms', [
    hash,
    JSON.stringify(state.policy),
    JSON.stringify(state.comments),
    exportedAtMs,
  ]);
  tx.run('DELETE FROM exported_states WHERE hash NOT IN (SELECT hash FROM exported_states ORDER BY exported_at_ms DESC, hash LIMIT ?)', [keep]);
}
