import type { DraftHistory, DraftStep } from '../../shared/contract/draft-history.ts';
import { FirebreakError } from '../../shared/errors.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { findDanglingReferences } from '../../shared/policy/check-references.ts';
import { describeDraftStep } from '../../shared/text/draft-step-text.ts';
import { applySplice, turnSplice } from '../../shared/text/text-splice.ts';
import { findStep, listStepHeads, markStep, type StepHead, type StepRow } from '../db/draft-step-store.ts';
import { readDraftRevision } from '../db/draft-store.ts';
import type { ReadDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';
import { hashStateText, readStateText, saveStateText } from './draft-state.ts';
import { recordChange } from './record-change.ts';

const toStep = (head: StepHead): DraftStep => ({ text: describeDraftStep(head), actor: head.actor, atMs: head.atMs });

/** What can be taken back and done again now. */
export function readDraftHistory(ctx: BackendContext): DraftHistory {
  const db = ctx.workspace.read;
  return { revision: readDraftRevision(db), undo: listStepHeads(db, 'done').map(toStep), redo: listStepHeads(db, 'undone').map(toStep) };
}

/**
 * Takes the newest edit of the draft back, whoever made it, or does the next one again. Nothing is pushed. Versions, pushes, waivers and containments stay.
 * @throws NOTHING_TO_UNDO · DRAFT_CHANGED when the draft is not the one that the caller saw · INPUT_INVALID when a containment needs what would go
 */
export function stepDraft(ctx: BackendContext, way: 'undo' | 'redo', revision: number): DraftHistory {
  const step = getStep(ctx.workspace.read, way);
  recordChange(ctx, { action: `policy.${way}`, subject: step.subject, detail: describeDraftStep(step), groups: ['policy', 'hosts'] }, (tx) => {
    const current = readDraftRevision(tx);
    if (current !== revision || getStep(tx, way).id !== step.id) throw new FirebreakError('DRAFT_CHANGED', { seen: revision, current });
    const text = readStateText(tx);
    const isFit = hashStateText(text) === (way === 'undo' ? step.hashAfter : step.hashBefore);
    const result = isFit ? applySplice(text, way === 'undo' ? turnSplice(step.splice) : step.splice) : null;
    if (result === null) throw new FirebreakError('NOTHING_TO_UNDO', { way });
    assertReferences(saveStateText(tx, result, ctx.nowMs()));
    markStep(tx, step.id, way === 'undo' ? 'undone' : 'done');
  });
  return readDraftHistory(ctx);
}

function getStep(db: ReadDb, way: 'undo' | 'redo'): StepRow {
  const step = findStep(db, way === 'undo' ? 'done' : 'undone');
  if (step === undefined) throw new FirebreakError('NOTHING_TO_UNDO', { way });
  return step;
}

/** Every state that was kept was whole; only containments may have come since, which name zones and services. */
function assertReferences(policy: Policy): void {
  const issues = findDanglingReferences(policy).map(({ path, message }) => ({ path, message: `${message}; a containment that was ordered since needs it, so release that first` }));
  if (issues.length > 0) throw new FirebreakError('INPUT_INVALID', { issues });
}
