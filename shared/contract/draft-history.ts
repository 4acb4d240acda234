import { z } from 'zod';
import { RuleId } from '../model/ids.ts';
import { Rule } from '../model/policy.ts';

/** One edit of the draft, as people read it. */
export const DraftStep = z.strictObject({ text: z.string(), actor: z.string(), atMs: z.number().int() });
export type DraftStep = z.infer<typeof DraftStep>;

/** What can be taken back, the newest edit first, and what was taken back and can be done again, the next first; each at most as many as are kept. `revision` is the draft's, for the call that does it. */
export const DraftHistory = z.strictObject({ revision: z.number().int(), undo: z.array(DraftStep), redo: z.array(DraftStep) });
export type DraftHistory = z.infer<typeof DraftHistory>;

/** DRAFT_CHANGED unless the draft still has that revision: whoever takes an edit back has seen it. */
export const StepBack = z.strictObject({ revision: z.number().int() });

/** Edits of several rules at once: all or none, and one step to undo. */
export const RuleEdits = z.strictObject({ rules: z.array(Rule).min(1) });
export const RuleRemovals = z.strictObject({ ids: z.array(RuleId).min(1) });
