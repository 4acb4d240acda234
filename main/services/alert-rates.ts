import { type CountedHour, judgeRates, USUAL_PERIOD_MS } from '../../shared/alerts/connection-rate.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { findAlertOf } from '../db/alert-store.ts';
import { type HourFigure, listHourFigures } from '../db/recording-hours-store.ts';
import { HOUR_MS, hourOf } from '../db/recording-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts, settleQuiet } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';

/** What the counters of a day can still add to. */
const REACH_MS = 24 * HOUR_MS;
const KIND = 'connection-rate';

/** Judges the hours since `fromMs` by the rule of connection-rate.ts, each way by itself. An hour that was told already is not told again when more of it is counted. */
export function noteRates(ctx: BackendContext, tx: WriteDb, host: HostId, fromMs: number): void {
  const limits = loadAlertSettings(tx);
  const figures = listHourFigures(tx, host, hourOf(fromMs) - USUAL_PERIOD_MS - REACH_MS);
  for (const direction of ['in', 'out'] as const) {
    const judged = judgeRates(toHours(figures, direction), hourOf(fromMs), limits);
    for (const { hourStartMs, perHour, busiestPerHour } of judged.filter(({ isFarBeyond }) => isFarBeyond)) {
      const known = findAlertOf(tx, { host, kind: KIND, key: direction });
      if (known?.subject.kind === KIND && known.subject.hourStartMs >= hourStartMs) continue;
      raiseAlert(ctx, tx, { host, kind: KIND, key: direction, subject: { kind: KIND, direction, hourStartMs, perHour, busiestPerHour }, count: 1, atMs: hourStartMs });
    }
    const newest = judged.at(-1);
    settleAlerts(ctx, tx, host, KIND, ({ key, subject }) => {
      const isOver = key === direction && subject.kind === KIND && newest !== undefined && !newest.isFarBeyond && newest.hourStartMs > subject.hourStartMs;
      return isOver ? `back to ${Math.round(newest.perHour).toLocaleString('en')} connections an hour` : null;
    });
  }
  settleQuiet(ctx, tx, host, KIND);
}

function toHours(figures: readonly HourFigure[], direction: 'in' | 'out'): CountedHour[] {
  const hours = new Map<number, CountedHour>();
  for (const { hourStartMs, figure, amount } of figures) {
    const hour = hours.get(hourStartMs) ?? { startMs: hourStartMs, connections: 0, hasSnapshot: false };
    hours.set(hourStartMs, { ...hour, connections: hour.connections + (figure === `connections-${direction}` ? amount : 0), hasSnapshot: hour.hasSnapshot || figure === 'snapshots' });
  }
  return [...hours.values()];
}
