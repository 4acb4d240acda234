import { z } from 'zod';
import { FirebreakError } from '../../shared/errors.ts';
import { HOUR_MS, hourOf } from '../db/recording-store.ts';
import { deriveEvidence } from '../reports/evidence/derive-evidence.ts';
import { type Evidence, type EvidencePeriod, EvidenceSources, MAX_TABLE_ROWS } from '../reports/evidence/evidence-tables.ts';
import type { BackendContext } from './backend-context.ts';
import { compileInstead } from './draft-compiled.ts';
import { readBasePolicy } from './draft.ts';
import { listHostViews } from './host-views.ts';
import { readFlowRows } from './report-flows.ts';
import { readHostRows } from './report-hosts.ts';
import { readIntegrityRows } from './report-integrity.ts';
import { readPolicyRows } from './report-policy.ts';
import { readReachRows } from './report-reach.ts';
import { readTrafficRows } from './report-traffic.ts';

const DEFAULT_HOURS = 30 * 24;
/** As long as hours are kept (recording-hours-store.ts). */
const MAX_HOURS = 100 * 24;

/** Whole hours UTC that hold what was asked for: null is the last 30 days, and up to now. The hour that has not ended yet is left out. @throws INPUT_INVALID for a period of which nothing is kept, or that has no hour */
export function toEvidencePeriod(ctx: Pick<BackendContext, 'nowMs'>, fromMs: number | null, untilMs: number | null): EvidencePeriod {
  const nowHourMs = hourOf(ctx.nowMs());
  const lastMs = Math.min(nowHourMs, hourOf((untilMs ?? nowHourMs) + HOUR_MS - 1));
  const firstMs = hourOf(fromMs ?? lastMs - DEFAULT_HOURS * HOUR_MS);
  const wrong = (path: string, message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path, message }] });
  if (firstMs >= lastMs) throw wrong('from', 'the period has no hour that has ended; let it begin earlier or end later');
  if (firstMs < nowHourMs - MAX_HOURS * HOUR_MS) throw wrong('from', `records are kept hour by hour for ${MAX_HOURS / 24} days; begin on ${new Date(nowHourMs - MAX_HOURS * HOUR_MS).toISOString().slice(0, 10)} or later`);
  return { fromMs: firstMs, untilMs: lastMs };
}

/**
 * The evidence of a period. What is derived is derived from the rows as their cells hold them, so that whoever reads the CSVs gets the same.
 * Zones and rules are those of the newest pushed version; the draft is not looked at. Reads only.
 * @throws INPUT_INVALID when a table has more rows than a pack holds
 */
export function readEvidence(ctx: BackendContext, period: EvidencePeriod): Evidence {
  const views = listHostViews(ctx);
  const pushed = compileInstead(ctx, readBasePolicy(ctx));
  // First, because it holds every flow for a moment and keeps few rows: nothing else is in memory then.
  const traffic = readTrafficRows(ctx, pushed, period);
  const rows = {
    ...readHostRows(ctx, views, pushed, period),
    ...readIntegrityRows(ctx, views, period),
    ...readPolicyRows(ctx, views, pushed, period),
    ...readFlowRows(ctx, pushed, period),
    ...readReachRows(ctx, period),
    ...traffic,
  };
  const large = Object.entries(rows).find(([, { length }]) => length > MAX_TABLE_ROWS);
  if (large !== undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'from', message: `${large[0]}.csv would have more than ${MAX_TABLE_ROWS} rows; make packs of shorter periods` }] });
  const sources = EvidenceSources.parse(z.encode(EvidenceSources, rows));
  return { period, sources, derived: deriveEvidence(sources, period) };
}
