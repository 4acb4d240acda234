import type { HostId } from '../../shared/model/ids.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import { findFootprint, listFootprints } from '../db/footprint-store.ts';
import type { WriteDb } from '../db/sql.ts';
import { raiseAlert, settleAlerts } from './alert-raise.ts';
import type { BackendContext } from './backend-context.ts';
import { listPassedLimits } from './footprint-limits.ts';

/** Holds what the host's agent takes, as it is stored, against the thresholds. */
export function noteFootprint(ctx: BackendContext, tx: WriteDb, host: HostId): void {
  const passed = listPassedLimits(findFootprint(tx, host), loadAlertSettings(tx));
  settleAlerts(ctx, tx, host, 'footprint', ({ key }) => (passed.some(({ figure }) => figure === key) ? null : 'below its threshold again'));
  for (const { figure, value, limit } of passed) raiseAlert(ctx, tx, { host, kind: 'footprint', key: figure, subject: { kind: 'footprint', figure, value, limit }, count: 1, atMs: ctx.nowMs() });
}

/** Holds every host against thresholds that have changed: what passes them now is told at once, and what does not any more settles. */
export function noteAllFootprints(ctx: BackendContext, tx: WriteDb): void {
  for (const host of listFootprints(tx).keys()) noteFootprint(ctx, tx, host);
}
