import type { KpiTrends } from '../../shared/contract/overview.ts';
import { dayOf, listKpiDays, saveKpiDay } from '../db/kpi-day-store.ts';
import { listPushes } from '../db/push-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { readKpiReportInTurns } from './kpi.ts';

const SHOWN_MS = 30 * 86_400_000;
/** While hosts are collected from, flows change every second: the figures of all flows are not computed that often. */
const KEPT_FOR_MS = 60_000;

type Kept = { key: string; trends: KpiTrends };
const keptOf = new WeakMap<BackendContext['workspace'], Kept>();
type Running = { key: string; trends: Promise<KpiTrends> };
const runningOf = new WeakMap<BackendContext['workspace'], Running>();

/**
 * The figures of the last 30 days with what they were on the days before; stores today's, so that tomorrow has a trend that nobody made up. Who asks while they are computed gets the same ones, and who leaves ends nothing: a page asks again at
 * each change, which would start over second after second while hosts are collected from.
 * @throws ABORTED when the workspace is closed meanwhile
 */
export async function readKpiTrends(ctx: BackendContext): Promise<KpiTrends> {
  const nowMs = ctx.nowMs();
  const key = keyOf(ctx, nowMs);
  const kept = keptOf.get(ctx.workspace);
  if (kept?.key === key && nowMs - kept.trends.atMs < KEPT_FOR_MS) return kept.trends;
  const known = runningOf.get(ctx.workspace);
  if (known?.key === key) return known.trends;
  const running = { key, trends: computeTrends(ctx, key, nowMs) };
  runningOf.set(ctx.workspace, running);
  try {
    return await running.trends;
  } finally {
    if (runningOf.get(ctx.workspace) === running) runningOf.delete(ctx.workspace);
  }
}

/** Another draft, push or day: other figures at once. */
function keyOf(ctx: BackendContext, nowMs: number): string {
  const [push] = listPushes(ctx.workspace.read, { limit: 1 });
  return `${readDraft(ctx).revision} ${push?.id ?? ''} ${push?.outcome ?? ''} ${dayOf(nowMs)}`;
}

async function computeTrends(ctx: BackendContext, key: string, nowMs: number): Promise<KpiTrends> {
  const { fromMs, kpis } = await readKpiReportInTurns(ctx);
  ctx.workspace.closing.throwIfAborted();
  // A window that only looks keeps nothing: the one that writes does.
  if (ctx.heldBy === null) ctx.workspace.transaction((tx) => saveKpiDay(tx, { dayStartMs: dayOf(nowMs), values: Object.fromEntries(kpis.map(({ id, value }) => [id, value])) }), 'kpi-days');
  const days = listKpiDays(ctx.workspace.read, dayOf(nowMs - SHOWN_MS));
  const trends = { atMs: nowMs, fromMs, kpis: kpis.map((kpi) => ({ ...kpi, trend: days.map(({ dayStartMs, values }) => ({ dayStartMs, value: values[kpi.id] ?? null })) })) };
  keptOf.set(ctx.workspace, { key, trends });
  return trends;
}
