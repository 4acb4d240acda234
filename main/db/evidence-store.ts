import { z } from 'zod';
import type { PolicyVersionId } from '../../shared/model/ids.ts';
import { ZoneEvidences } from '../../shared/model/readiness.ts';
import type { ReadDb, WriteDb } from './sql.ts';

const Row = z.object({ evidence_json: z.string() });
const toEvidences = (row: unknown): ZoneEvidences => ZoneEvidences.parse(JSON.parse(Row.parse(row).evidence_json));

export const loadDraftEvidence = (db: ReadDb): ZoneEvidences => toEvidences(db.one('SELECT evidence_json FROM draft WHERE id = 1'));

export function saveDraftEvidence(tx: WriteDb, evidences: ZoneEvidences): void {
  tx.run('UPDATE draft SET evidence_json = ? WHERE id = 1', [JSON.stringify(evidences)]);
}

/** None for versions from before evidence was stored. */
export function findVersionEvidence(db: ReadDb, id: PolicyVersionId): ZoneEvidences {
  const row = db.one('SELECT evidence_json FROM versions WHERE id = ?', [id]);
  return row === undefined ? {} : toEvidences(row);
}
