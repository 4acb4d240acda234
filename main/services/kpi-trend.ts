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

/** The figures of the last 30 days with what they were on the days before; stores today's, so that tomorrow has a trend that nobody made up. @throws the signal's reason when it aborts */
export async function readKpiTrends(ctx: BackendContext, signal?: AbortSignal): Promise<KpiTrends> {
  const nowMs = ctx.nowMs();
  const [push] = listPushes(ctx.workspace.read, { limit: 1 });
  const key = `${readDraft(ctx).revision} ${push?.id ?? ''} ${push?.outcome ?? ''} ${dayOf(nowMs)}`;
  const kept = keptOf.get(ctx.workspace);
  if (kept?.key === key && nowMs - kept.trends.atMs < KEPT_FOR_MS) return kept.trends;
  const { fromMs, kpis } = await readKpiReportInTurns(ctx, signal);
  // A window that only looks keeps nothing: the one that writes does.
  if (ctx.heldBy === null) ctx.workspace.transaction((tx) => saveKpiDay(tx, { dayStartMs: dayOf(nowMs), values: Object.fromEntries(kpis.map(({ id, value }) => [id, value])) }), 'kpi-days');
  const days = listKpiDays(ctx.workspace.read, dayOf(nowMs - SHOWN_MS));
  const trends = { atMs: nowMs, fromMs, kpis: kpis.map((kpi) => ({ ...kpi, trend: days.map(({ dayStartMs, values }) => ({ dayStartMs, value: values[kpi.id] ?? null })) })) };
  keptOf.set(ctx.workspace, { key, trends });
  return trends;
}
