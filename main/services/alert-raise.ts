import type { AlertKind } from '../../shared/model/alert.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { addToAlert, countLiveAlerts, dropOldAlerts, findAlertOf, insertAlert, listLiveAlerts, type NewAlert, reopenAlert, settleAlert, type StoredAlert } from '../db/alert-store.ts';
import { spoolAlert } from '../db/forward-events.ts';
import { loadAlertSettings } from '../db/alert-settings-store.ts';
import type { WriteDb } from '../db/sql.ts';
import type { BackendContext } from './backend-context.ts';

/** So many of one kind may a host have at a time; more are counted in one that stands for them all, so that a flood hides no other host. */
export const MAX_LIVE_ALERTS = 100;
/** Of the alert that stands for the rest; no cause has it. */
export const MORE_KEY = 'more';
const DAY_MS = 86_400_000;

/**
 * Stores that a cause was there: once, however often it comes. One that had settled is open again, one that somebody acknowledged stays so.
 * Beyond the bound each further cause counts once, not each time that it came. Tells the windows when the transaction is over (nobody reads before: it runs in one turn).
 */
export function raiseAlert(ctx: BackendContext, tx: WriteDb, cause: NewAlert): void {
  ctx.changes.emit(['alerts']);
  const hasRoom = findAlertOf(tx, cause) !== undefined || countLiveAlerts(tx, cause.host, cause.kind) < MAX_LIVE_ALERTS;
  store(ctx, tx, hasRoom ? cause : { ...cause, key: MORE_KEY, subject: { kind: 'more' }, count: 1 });
}

function store(ctx: BackendContext, tx: WriteDb, cause: NewAlert): void {
  const known = findAlertOf(tx, cause);
  if (known === undefined) insertAlert(tx, cause, ctx.nowMs());
  else {
    if (known.settled !== null) reopenAlert(tx, known.id, ctx.nowMs());
    addToAlert(tx, known.id, cause);
    if (known.settled === null) return;
  }
  const opened = findAlertOf(tx, cause);
  if (opened !== undefined) spoolAlert(tx, 'opened', opened, ctx.nowMs());
}

/** Those of the host and kind that `why` gives a reason for have settled; null leaves one as it is. */
export function settleAlerts(ctx: BackendContext, tx: WriteDb, host: HostId, kind: AlertKind, why: (alert: StoredAlert) => string | null): void {
  const over = listLiveAlerts(tx, host, kind).flatMap((alert) => {
    const reason = why(alert);
    return reason === null ? [] : [{ alert, reason }];
  });
  if (over.length === 0) return;
  for (const { alert, reason } of over) {
    settleAlert(tx, alert.id, ctx.nowMs(), reason);
    spoolAlert(tx, 'settled', { ...alert, settled: { atMs: ctx.nowMs(), why: reason } }, ctx.nowMs());
  }
  dropOldAlerts(tx, host, kind, ctx.nowMs());
  ctx.changes.emit(['alerts']);
}

/** What a host that does report has not shown again for the days of the settings is over. */
export function settleQuiet(ctx: BackendContext, tx: WriteDb, host: HostId, kind: AlertKind): void {
  const { quietAfterDays } = loadAlertSettings(tx);
  const untilMs = ctx.nowMs() - quietAfterDays * DAY_MS;
  settleAlerts(ctx, tx, host, kind, (alert) => (alert.lastAtMs >= untilMs ? null : `not seen again for ${quietAfterDays} days, while the host reported`));
}
