import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Policy } from '../../shared/model/policy.ts';
import { loadDraft, readDraftTexts, saveDraftTexts } from '../db/draft-store.ts';
import { loadDraftEvidence } from '../db/evidence-store.ts';
import { loadDraftComments } from '../db/policy-comment-store.ts';
import type { ReadDb, WriteDb } from '../db/sql.ts';

/**
 * All that an edit of the draft can change, as one text that is the same for the same draft. Without containments: they are orders of an emergency with
 * commands and an end of their own, and taking back an edit of a rule must not release a host.
 */
export function readStateText(db: ReadDb): string {
  const { policy, comments, evidence } = readDraftTexts(db);
  return `{"policy":${policy},"comments":${comments},"evidence":${evidence}}`;
}

export const hashStateText = (text: string): string => createHash('sha256').update(text).digest('hex');

const Parts = z.strictObject({ policy: z.unknown(), comments: z.unknown(), evidence: z.unknown() });

/** Makes the text the draft again, beside the containments that there are now, and gives what it then is. @throws what a schema says of a text that is no draft; the caller's transaction undoes it */
export function saveStateText(tx: WriteDb, text: string, atMs: number): Policy {
  const parts = Parts.parse(JSON.parse(text));
  // As it was written, and not as a schema would order it: the hash of the next step is over these bytes.
  saveDraftTexts(tx, { policy: JSON.stringify(parts.policy), comments: JSON.stringify(parts.comments), evidence: JSON.stringify(parts.evidence) }, atMs);
  loadDraftComments(tx);
  loadDraftEvidence(tx);
  return loadDraft(tx).policy;
}
