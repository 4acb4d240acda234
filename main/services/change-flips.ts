import type { PolicyDiffRow } from '../../shared/model/diff.ts';
import type { FlipReport } from '../../shared/model/flip.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import { createFlipBook } from '../../shared/policy/flip-book.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import type { BackendContext } from './backend-context.ts';
import { readBasePolicy, readDraft } from './draft.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { resolvePolicy } from './resolved-policy.ts';

/** As far as a plan looks. */
const LOOK_BACK_MS = 30 * 86_400_000;
/** Newest first; so many are judged once for each change, which takes seconds. */
const MAX_FLOWS = 100_000;

/** What the draft changes against the newest version (against nothing, before the first). */
export const listDraftChanges = (ctx: BackendContext): PolicyDiffRow[] => diffPolicy(readBasePolicy(ctx), readDraft(ctx).policy);

/** What each change of the draft against the newest version flips among the flows of the period (30 days, when null). Reads only; zones are taken as they are in the draft. */
export function readChangeFlips(ctx: BackendContext, sinceMs: number | null): FlipReport {
  const { policy, fleet } = readCompiledDraft(ctx);
  // Both with what names mean now: what changed answers do is no change of the draft.
  const book = createFlipBook(resolvePolicy(ctx, readBasePolicy(ctx), fleet).policy, policy, fleet, { nowMs: ctx.nowMs() });
  const fromMs = sinceMs ?? ctx.nowMs() - LOOK_BACK_MS;
  let looked = 0;
  if (book.report().changes.length > 0) {
    for (const flow of iterateStoredFlows(ctx.workspace.read, { sinceMs: fromMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null })) {
      // What passes through is recorded and never judged.
      if (flow.forwardTo !== null) continue;
      book.add(flow);
      looked += 1;
      if (looked >= MAX_FLOWS) break;
    }
  }
  return { ...book.report(), sinceMs: fromMs };
}
