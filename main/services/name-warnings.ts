import { describeNameDrift } from '../../shared/policy/name-drift.ts';
import { listNameNotes } from '../../shared/policy/name-notes.ts';
import type { BackendContext } from './backend-context.ts';
import type { CompiledDraft } from './draft-compiled.ts';
import { askerNames, nameDriftOf } from './names-view.ts';
import type { PlanScope } from './plan-scope.ts';
import { readNameLedger } from './resolved-policy.ts';

/** What a plan says about names in IP lists: why hosts change although nobody edited their rules, and which names mean nobody, or what they should not. */
export function listNameWarnings(ctx: BackendContext, draft: CompiledDraft, scope: PlanScope): string[] {
  if (draft.names.length === 0) return [];
  const { policy, names } = draft;
  const notes = listNameNotes({ policy, names, ledger: readNameLedger(ctx), nameOf: askerNames(draft), nowMs: ctx.nowMs() });
  return [...nameDriftOf(draft, scope).map((drift) => `Answers changed: ${describeNameDrift(drift)}`), ...notes];
}
