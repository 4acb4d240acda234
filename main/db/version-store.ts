import { z } from 'zod';
import { PolicyVersionId } from '../../shared/model/ids.ts';
import { Policy } from '../../shared/model/policy.ts';
import type { ZoneEvidences } from '../../shared/model/readiness.ts';
import type { ReadDb, WriteDb } from './sql.ts';

/** An immutable policy version without its policy. */
export type VersionHead = { id: PolicyVersionId; parent: PolicyVersionId | null; hash: string; author: string; note: string; createdAtMs: number };
const HeadRow = z.object({
  id: PolicyVersionId,
  parent: PolicyVersionId.nullable(),
  hash: z.string(),
  author: z.string(),
  note: z.string(),
  created_at_ms: z.number(),
});
const PolicyRow = z.object({ policy_json: z.string() });
const HEAD_COLUMNS = 'id, parent, hash, author, note, created_at_ms';

const toHead = (raw: unknown): VersionHead => {
  const r = HeadRow.parse(raw);
  return { id: r.id, parent: r.parent, hash: r.hash, author: r.author, note: r.note, createdAtMs: r.created_at_ms };
};

/** Stores the next version (numbers are consecutive) with the newest as its parent, and the draft's comments with it. `evidence` is on what its zones were moved; none unless told. */
export function insertVersion(tx: WriteDb, version: { hash: string; author: string; note: string; createdAtMs: number; policy: Policy; evidence?: ZoneEvidences }): VersionHead {
  const parent = findNewestVersion(tx)?.id ?? null;
  const id = PolicyVersionId.parse((parent ?? 0) + 1);
  tx.run('INSERT INTO versions (id, parent, hash, author, note, created_at_ms, policy_json, evidence_json, comments_json) SELECT ?, ?, ?, ?, ?, ?, ?, ?, comments_json FROM draft', [
    id,
    parent,
    version.hash,
    version.author,
    version.note,
    version.createdAtMs,
    JSON.stringify(version.policy),
    JSON.stringify(version.evidence ?? {}),
  ]);
  return { id, parent, hash: version.hash, author: version.author, note: version.note, createdAtMs: version.createdAtMs };
}

export function findNewestVersion(db: ReadDb): VersionHead | undefined {
  const row = db.one(`SELECT ${HEAD_COLUMNS} FROM versions ORDER BY id DESC LIMIT 1`);
  return row === undefined ? undefined : toHead(row);
}

/** Newest first. */
export function listVersions(db: ReadDb): VersionHead[] {
  return db.all(`SELECT ${HEAD_COLUMNS} FROM versions ORDER BY id DESC`).map(toHead);
}

export function findVersionPolicy(db: ReadDb, id: PolicyVersionId): Policy | undefined {
  const row = db.one('SELECT policy_json FROM versions WHERE id = ?', [id]);
  return row === undefined ? undefined : Policy.parse(JSON.parse(PolicyRow.parse(row).policy_json));
}
