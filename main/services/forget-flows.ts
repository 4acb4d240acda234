import { setImmediate as nextTurn } from 'node:timers/promises';
import { FirebreakError } from '../../shared/errors.ts';
import { countText } from '../../shared/text/amount-text.ts';
import { appendAudit } from '../db/audit-store.ts';
import { countOldFlows, findOldFlows, forgetFlow, loadForgotten, newestFlowMs, type OldFlow, saveForgotten } from '../db/flow-retention.ts';
import { isBusy } from '../db/sqlite-errors.ts';
import type { BackendContext } from './backend-context.ts';
import { findRunningPush } from './push-start.ts';
import { readSettings } from './workspace-settings.ts';

const DAY_MS = 86_400_000;
/** Ids that one question looks through, and hours that one transaction removes (one flow more at most): some tens of milliseconds each, in which others wait. */
const IDS_AT_ONCE = 20_000;
const HOURS_AT_ONCE = 5_000;

/**
 * Forgets what hosts recorded longer ago than the settings keep it, once for each day (UTC) that comes to an end; nothing where all is kept. What was imported stays until somebody removes it.
 * A push, `signal`, or a workspace that is closed or that somebody else writes to ends it between two steps; the next collect goes on. What has gone is in the audit log once it has ended.
 */
export async function forgetOldFlows(ctx: BackendContext, signal?: AbortSignal): Promise<void> {
  // Who leaves with the result may have closed the window.
  if (ctx.workspace.closing.aborted) return;
  const { keepFlowDays } = readSettings(ctx);
  if (keepFlowDays === null) return;
  const beforeMs = keptSince(ctx, keepFlowDays);
  if (beforeMs <= loadForgotten(ctx.workspace.read).beforeMs) return;
  try {
    if (await forgetBefore(ctx, beforeMs, signal)) tell(ctx, beforeMs, keepFlowDays);
  } catch (error) {
    if (!(error instanceof FirebreakError) && !isBusy(error)) throw error;
  } finally {
    ctx.changes.emit(['flows', 'audit']);
  }
}

/** Gives whether it came to its end. */
async function forgetBefore(ctx: BackendContext, beforeMs: number, signal: AbortSignal | undefined): Promise<boolean> {
  for (let afterId: number | null = 0; afterId !== null; ) {
    const { flows, next }: ReturnType<typeof findOldFlows> = findOldFlows(ctx.workspace.read, beforeMs, afterId, IDS_AT_ONCE);
    for (let left: readonly OldFlow[] = flows; left.length > 0; ) {
      if (!(await mayGoOn(ctx, signal))) return false;
      left = left.slice(forgetSome(ctx, left, beforeMs));
    }
    if (!(await mayGoOn(ctx, signal))) return false;
    afterId = next;
  }
  return true;
}

/** Gives how many of the flows it came to. */
function forgetSome(ctx: BackendContext, flows: readonly OldFlow[], beforeMs: number): number {
  return ctx.workspace.transaction((tx) => {
    const told = loadForgotten(tx);
    let [done, hours, gone] = [0, 0, 0];
    for (const flow of flows) {
      if (hours >= HOURS_AT_ONCE) break;
      const result = forgetFlow(tx, flow, beforeMs);
      done += 1;
      hours += Math.max(1, result.hours);
      if (result.isGone) gone += 1;
    }
    saveForgotten(tx, { ...told, gone: told.gone + gone, shortened: told.shortened + done - gone });
    return done;
  });
}

function tell(ctx: BackendContext, beforeMs: number, keptDays: number): void {
  ctx.workspace.transaction((tx) => {
    const { gone, shortened } = loadForgotten(tx);
    saveForgotten(tx, { beforeMs, gone: 0, shortened: 0 });
    if (gone + shortened === 0) return;
    const detail = `seen before ${new Date(beforeMs).toISOString().slice(0, 10)} (kept for ${keptDays} days): ${countText(gone, 'flow')} gone, of ${countText(shortened, 'other')} the hours until then`;
    appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'flows.forget', subject: 'flows', detail });
  });
}

/** What would go if flows were kept for so many days. */
export function countForgettable(ctx: BackendContext, keepDays: number): { beforeMs: number; gone: number; shortened: number } {
  const beforeMs = keptSince(ctx, keepDays);
  return { beforeMs, ...countOldFlows(ctx.workspace.read, beforeMs) };
}

/** A whole day (UTC), so that it is done once a day; counted from what was seen last where this computer's clock is ahead of that, since nothing brings back what a wrong clock forgets. */
function keptSince(ctx: BackendContext, days: number): number {
  const atMs = Math.min(ctx.nowMs(), newestFlowMs(ctx.workspace.read) ?? ctx.nowMs());
  return Math.floor(atMs / DAY_MS) * DAY_MS - days * DAY_MS;
}

/** Lets others have their turn. */
async function mayGoOn(ctx: BackendContext, signal: AbortSignal | undefined): Promise<boolean> {
  await nextTurn();
  return signal?.aborted !== true && !ctx.workspace.closing.aborted && findRunningPush(ctx.workspace.read) === undefined;
}
