import { alertTitle } from '../../shared/alerts/alert-text.ts';
import { mutedUntil } from '../../shared/alerts/mute.ts';
import type { AlertCounts, AlertList, AlertQuery, AlertView } from '../../shared/contract/alerts.ts';
import { AlertKind, type AlertState } from '../../shared/model/alert.ts';
import { listAlertGroups, listAlerts, type StoredAlert } from '../db/alert-store.ts';
import { listMutes } from '../db/alert-settings-store.ts';
import type { BackendContext } from './backend-context.ts';
import { readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames, type FlowNames, peerNameOf } from './flow-names.ts';
import { once } from './once.ts';

/** Alerts with their names as they are now: the worst kind first, then the newest. Those that have settled are many, and only read when asked for. */
export function listAlertViews(ctx: BackendContext, { settled }: { settled: boolean }): AlertView[] {
  const toView = createAlertViewer(ctx);
  const rank = new Map(AlertKind.options.map((kind, index) => [kind, index]));
  return listAlerts(ctx.workspace.read, { settled })
    .map(toView)
    .toSorted((a, b) => (rank.get(a.kind) ?? 0) - (rank.get(b.kind) ?? 0) || b.lastAtMs - a.lastAtMs || b.id - a.id);
}

/** Those that fit, as many as `limit` says, and how many fit in all. */
export function findAlerts(ctx: BackendContext, query: AlertQuery): AlertList {
  const all = listAlertViews(ctx, { settled: query.states?.includes('settled') ?? true });
  const text = query.text?.trim().toLowerCase() ?? '';
  const fitting = all.filter(
    (alert) =>
      (query.states === null || query.states.includes(alert.state)) &&
      (query.kind === null || alert.kind === query.kind) &&
      (query.host === null || alert.hostName === query.host) &&
      (query.zone === null || alert.zone === query.zone) &&
      (text === '' || [alert.title, alert.zone ?? '', alert.acknowledged?.note ?? ''].some((field) => field.toLowerCase().includes(text))),
  );
  return { rows: fitting.slice(0, query.limit), total: fitting.length, counts: countAlerts(ctx) };
}

/** Of the whole workspace, without reading what the alerts are about. */
export function countAlerts(ctx: BackendContext): AlertCounts {
  const counts = { open: 0, acknowledged: 0, muted: 0, settled: 0 };
  const mutes = listMutes(ctx.workspace.read, ctx.nowMs());
  const zones = mutes.length === 0 ? null : readCompiledDraft(ctx).zones;
  for (const { host, kind, isAcknowledged, isSettled, alerts } of listAlertGroups(ctx.workspace.read)) {
    const isMuted = mutedUntil({ kind, host, zone: zones?.get(host)?.zone?.name ?? null }, mutes, ctx.nowMs()) !== null;
    counts[stateOf({ isSettled, isAcknowledged, isMuted })] += alerts;
  }
  return counts;
}

/** Reads names, zones and mutes once for all alerts that it is given. */
export function createAlertViewer(ctx: BackendContext): (alert: StoredAlert) => AlertView {
  const compiled = readCompiledDraft(ctx);
  // Most alerts have no peer, and most workspaces few alerts.
  const names = once(() => createFlowNames(compiled));
  const mutes = listMutes(ctx.workspace.read, ctx.nowMs());
  return (alert) => {
    const hostName = compiled.hosts.get(alert.host)?.name ?? alert.host;
    const zone = compiled.zones.get(alert.host)?.zone?.name ?? null;
    const peerName = peerOf(alert, names);
    const mutedUntilMs = mutedUntil({ kind: alert.kind, host: alert.host, zone }, mutes, ctx.nowMs());
    const { id, kind, host, subject, count, firstAtMs, lastAtMs, openedAtMs, acknowledged, settled } = alert;
    const title = alertTitle(subject, { hostName, peerName, kind, count });
    return { id, kind, host, hostName, zone, title, subject, peerName, state: stateOf({ isSettled: settled !== null, isAcknowledged: acknowledged !== null, isMuted: mutedUntilMs !== null }), count, firstAtMs, lastAtMs, openedAtMs, acknowledged, mutedUntilMs, settled };
  };
}

const peerOf = ({ subject }: StoredAlert, names: () => FlowNames): string | null => (subject.kind === 'flow-blocked' && subject.peerAddress !== null ? peerNameOf(names(), subject.peerAddress) : null);

function stateOf({ isSettled, isAcknowledged, isMuted }: { isSettled: boolean; isAcknowledged: boolean; isMuted: boolean }): AlertState {
  if (isSettled) return 'settled';
  if (isAcknowledged) return 'acknowledged';
  return isMuted ? 'muted' : 'open';
}
