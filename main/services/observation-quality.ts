import type { HostQuality, QualityHour } from '../../shared/contract/host-evidence.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { findCursor } from '../db/baseline-store.ts';
import { type HourFigure, listClockOffsets, listHourFigures } from '../db/recording-hours-store.ts';
import { findFirstHour, HOUR_MS, hourOf } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import { getHost } from './find-host.ts';

const DEFAULT_PERIOD_MS = 7 * 24 * HOUR_MS;
/** As long as hours are kept. */
const MAX_PERIOD_MS = 100 * 24 * HOUR_MS;

/**
 * How complete the record of a host is, hour by hour. `sinceMs` null: the last seven days; at most 100 days.
 * @throws NOT_FOUND
 */
export function readQuality(ctx: BackendContext, name: string, sinceMs: number | null): HostQuality {
  return readHostQuality(ctx, getHost(ctx, name).id, sinceMs);
}

/** The same for a host that is known to be there: the report's limits are these figures too. */
export function readHostQuality(ctx: BackendContext, host: HostId, sinceMs: number | null): HostQuality {
  const db = ctx.workspace.read;
  const nowMs = ctx.nowMs();
  const fromMs = hourOf(Math.min(nowMs, Math.max(sinceMs ?? nowMs - DEFAULT_PERIOD_MS, nowMs - MAX_PERIOD_MS)));
  const lastSnapshotAtMs = findCursor(db, host)?.atMs ?? null;
  const hours = describeHours({
    fromMs,
    nowMs,
    figures: listHourFigures(db, host, fromMs),
    clockOffsets: listClockOffsets(db, host, fromMs),
    firstHourMs: findFirstHour(db, host),
    lastHourMs: lastSnapshotAtMs === null ? null : hourOf(lastSnapshotAtMs),
  });
  const totals = { complete: 0, late: 0, lost: 0, gap: 0, waiting: 0, before: 0 };
  for (const hour of hours) totals[hour.state] += 1;
  return { sinceMs: fromMs, lastSnapshotAtMs, hours, totals };
}

export type HoursEvidence = {
  /** A whole hour. */
  fromMs: number;
  nowMs: number;
  figures: readonly HourFigure[];
  clockOffsets: ReadonlyMap<number, number>;
  /** First hour with a snapshot, and the hour of the newest one that was fetched; null: none. */
  firstHourMs: number | null;
  lastHourMs: number | null;
};

/** Every hour from `fromMs` to the present one. Pure. */
export function describeHours(evidence: HoursEvidence): QualityHour[] {
  const sums = new Map<number, Map<string, number>>();
  for (const { hourStartMs, figure, amount } of evidence.figures) {
    const ofHour = sums.get(hourStartMs) ?? new Map<string, number>();
    sums.set(hourStartMs, ofHour.set(figure, amount));
  }
  const hours: QualityHour[] = [];
  for (let startMs = evidence.fromMs; startMs <= evidence.nowMs; startMs += HOUR_MS) {
    const of = (figure: HourFigure['figure']): number => sums.get(startMs)?.get(figure) ?? 0;
    const figures = {
      snapshots: of('snapshots'),
      lost: of('lost-in') + of('lost-out') + of('lost-forward') + of('dropped'),
      gapSeconds: of('gap-seconds'),
      coarse: of('coarse'),
      rejected: of('rejected'),
      restarts: of('restarts'),
    };
    hours.push({ startMs, state: stateOf(startMs, figures, evidence), ...figures, clockOffsetMs: evidence.clockOffsets.get(startMs) ?? null });
  }
  return hours;
}

function stateOf(startMs: number, figures: { snapshots: number; lost: number; gapSeconds: number; rejected: number }, { firstHourMs, lastHourMs }: HoursEvidence): QualityHour['state'] {
  if (figures.gapSeconds > 0) return 'gap';
  if (figures.lost > 0 || figures.rejected > 0) return 'lost';
  if (figures.snapshots > 0) return 'complete';
  if (firstHourMs === null || lastHourMs === null || startMs < firstHourMs) return 'before';
  return startMs < lastHourMs ? 'late' : 'waiting';
}
