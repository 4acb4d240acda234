import { spliceBetween } from '../../shared/text/text-splice.ts';
import { addStep, deleteSteps, findStep } from '../db/draft-step-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { hashStateText, readStateText } from './draft-state.ts';

/** As far back as anybody remembers; and an import of a whole policy is a step of some megabytes. */
const KEEP = { keep: 200, keepBytes: 32 * 1_048_576 };

/**
 * Does `work` and keeps what it changed in the draft as a step that can be taken back; nothing is kept where it changed nothing. Where the draft is not what the
 * last step left (another program wrote it), the former steps fit nothing any more and are dropped.
 */
export function keepStep<T>(ctx: Pick<BackendContext, 'nowMs' | 'user'>, tx: WriteDb, { action, subject }: { action: string; subject: string }, work: () => T): T {
  const before = readStateText(tx);
  const result = work();
  const after = readStateText(tx);
  if (after === before) return result;
  const hashBefore = hashStateText(before);
  const last = findStep(tx, 'done');
  if (last !== undefined && last.hashAfter !== hashBefore) deleteSteps(tx);
  addStep(tx, { atMs: ctx.nowMs(), actor: ctx.user, action, subject, hashBefore, hashAfter: hashStateText(after), splice: spliceBetween(before, after) }, KEEP);
  return result;
}
