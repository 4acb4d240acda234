import { setImmediate as nextTurn } from 'node:timers/promises';
import { countText } from '../../shared/text/amount-text.ts';
import { appendAudit } from '../db/audit-store.ts';
import { countFlowsBefore, loadForgottenBefore, removeFlowsBefore, saveForgottenBefore, shortenFlowsBefore } from '../db/flow-retention.ts';
import type { BackendContext } from './backend-context.ts';
import { readSettings } from './workspace-settings.ts';

const DAY_MS = 86_400_000;
/** Of flows in one transaction: some tens of milliseconds, in which a window waits. */
const AT_ONCE = 2000;

/**
 * Forgets what hosts recorded longer ago than the settings keep it, once for each day (UTC) that comes to an end; nothing where all is kept. What was imported stays until somebody removes it.
 * In small transactions, so that others come between; one that is cut off is begun again the next time. `signal` ends it after the next of them.
 */
export async function forgetOldFlows(ctx: BackendContext, signal?: AbortSignal): Promise<void> {
  const { keepFlowDays } = readSettings(ctx);
  if (keepFlowDays === null) return;
  const beforeMs = keptSince(ctx, keepFlowDays);
  if (beforeMs <= loadForgottenBefore(ctx.workspace.read)) return;
  let [removed, shortened] = [0, 0];
  for (let last = AT_ONCE; last === AT_ONCE; removed += last) {
    if (!(await mayGoOn(signal))) return;
    last = ctx.workspace.transaction((tx) => removeFlowsBefore(tx, beforeMs, AT_ONCE));
  }
  for (let afterId: number | null = 0; afterId !== null; ) {
    if (!(await mayGoOn(signal))) return;
    const from: number = afterId;
    const part = ctx.workspace.transaction((tx) => shortenFlowsBefore(tx, beforeMs, from, AT_ONCE));
    shortened += part.shortened;
    afterId = part.next;
  }
  ctx.workspace.transaction((tx) => {
    saveForgottenBefore(tx, beforeMs);
    if (removed + shortened === 0) return;
    const detail = `seen before ${new Date(beforeMs).toISOString().slice(0, 10)} (kept for ${keepFlowDays} days): ${countText(removed, 'flow')} gone, of ${countText(shortened, 'other')} the hours until then`;
    appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'flows.forget', subject: 'flows', detail });
  });
  if (removed + shortened > 0) ctx.changes.emit(['flows', 'audit']);
}

/** What would go if flows were kept for so many days. A flow that was shortened before counts again: it has no older hours any more. */
export function countForgettable(ctx: BackendContext, keepDays: number): { beforeMs: number; gone: number; shortened: number } {
  const beforeMs = keptSince(ctx, keepDays);
  return { beforeMs, ...countFlowsBefore(ctx.workspace.read, beforeMs) };
}

/** A whole day (UTC), so that it is done once a day. */
const keptSince = (ctx: BackendContext, days: number): number => Math.floor(ctx.nowMs() / DAY_MS) * DAY_MS - days * DAY_MS;

/** Lets others have their turn. */
async function mayGoOn(signal: AbortSignal | undefined): Promise<boolean> {
  await nextTurn();
  return signal?.aborted !== true;
}
