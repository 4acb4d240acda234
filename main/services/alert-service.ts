import { muteText } from '../../shared/alerts/mute-text.ts';
import type { MuteInput, MuteView } from '../../shared/contract/alerts.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { type AlertMute, type AlertSettings, FootprintLimits } from '../../shared/model/alert.ts';
import { acknowledgeAlert } from '../db/alert-store.ts';
import * as settingsStore from '../db/alert-settings-store.ts';
import { listHosts } from '../db/host-store.ts';
import { noteAllFootprints } from './alert-footprint.ts';
import { getAlert } from './alert-detail.ts';
import { createAlertViewer } from './alert-views.ts';
import type { BackendContext } from './backend-context.ts';
import { readDraft } from './draft.ts';
import { getHost } from './find-host.ts';
import { recordChange } from './record-change.ts';

const MAX_MUTE_MS = 366 * 86_400_000;
const MAX_NAMED = 3;

/** Those that have settled meanwhile stay so. @throws NOT_FOUND, and then none is acknowledged */
export function acknowledgeAlerts(ctx: BackendContext, ids: readonly number[], note: string): void {
  change(ctx, { ids, action: 'alerts.acknowledge', detail: note.trim() }, { by: ctx.user, atMs: ctx.nowMs(), note: note.trim() });
}

/** Takes the acknowledgement back. @throws NOT_FOUND */
export function reopenAlerts(ctx: BackendContext, ids: readonly number[]): void {
  change(ctx, { ids, action: 'alerts.reopen', detail: '' }, null);
}

type Named = { ids: readonly number[]; action: string; detail: string };

function change(ctx: BackendContext, { ids, action, detail }: Named, ack: { by: string; atMs: number; note: string } | null): void {
  const toView = createAlertViewer(ctx);
  const titles = ids.map((id) => toView(getAlert(ctx, id)).title);
  const subject = `${titles.slice(0, MAX_NAMED).join('; ')}${titles.length > MAX_NAMED ? ` and ${titles.length - MAX_NAMED} more` : ''}`;
  recordChange(ctx, { action, subject, detail, groups: ['alerts'] }, (tx) => {
    for (const id of ids) acknowledgeAlert(tx, id, ack);
  });
}

/** Ordered by their ends. */
export function listMuteViews(ctx: BackendContext): MuteView[] {
  const names = new Map(listHosts(ctx.workspace.read).map(({ id, name }) => [id, name]));
  return settingsStore.listMutes(ctx.workspace.read, ctx.nowMs()).map((mute) => ({ ...mute, hostName: mute.host === null ? null : (names.get(mute.host) ?? null) }));
}

/** Alerts go on being stored; nobody is told of them. @throws NOT_FOUND for a host or a zone · INPUT_INVALID for an end that is past or more than a year away */
export function muteAlerts(ctx: BackendContext, { kind, hostName, zone, untilMs, note }: MuteInput): MuteView {
  const nowMs = ctx.nowMs();
  if (untilMs <= nowMs) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'untilMs', message: 'the end of a mute lies ahead' }] });
  if (untilMs > nowMs + MAX_MUTE_MS) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'untilMs', message: 'a mute lasts a year at most: what nobody wants to know is better changed in the settings' }] });
  const zones = readDraft(ctx).policy.zones.map(({ name }) => name);
  if (zone !== null && !zones.includes(zone)) throw new FirebreakError('NOT_FOUND', { what: 'zone', name: zone, known: zones });
  const mute: Omit<AlertMute, 'id'> = { kind, host: hostName === null ? null : getHost(ctx, hostName).id, zone, untilMs, note: note.trim(), by: ctx.user, atMs: nowMs };
  const subject = muteText({ kind, hostName, zone });
  const detail = `until ${new Date(untilMs).toISOString()}${mute.note === '' ? '' : `: ${mute.note}`}`;
  const id = recordChange(ctx, { action: 'alerts.mute', subject, detail, groups: ['alerts'] }, (tx) => settingsStore.insertMute(tx, mute));
  return { ...mute, id, hostName };
}

/** @throws NOT_FOUND with those that hold */
export function unmuteAlerts(ctx: BackendContext, id: number): void {
  const mutes = listMuteViews(ctx);
  const mute = mutes.find((one) => one.id === id);
  if (mute === undefined) throw new FirebreakError('NOT_FOUND', { what: 'mute', name: String(id), known: mutes.map((one) => `${one.id} (${muteText(one)})`) });
  recordChange(ctx, { action: 'alerts.unmute', subject: muteText(mute), detail: '', groups: ['alerts'] }, (tx) => settingsStore.deleteMute(tx, id));
}

export const readAlertSettings = (ctx: BackendContext): AlertSettings => settingsStore.loadAlertSettings(ctx.workspace.read);

/** Holds for what comes from now on. Footprints are stored and held against new limits at once; other alerts settle by the new thresholds when their hosts report. */
export function setAlertSettings(ctx: BackendContext, settings: AlertSettings): AlertSettings {
  const before = readAlertSettings(ctx);
  const now: Record<string, number> = settings;
  const changed = Object.entries(before).filter(([name, value]) => now[name] !== value);
  const detail = changed.map(([name, value]) => `${name}: ${value} → ${now[name]}`).join(', ');
  if (changed.length > 0) {
    recordChange(ctx, { action: 'alerts.setSettings', subject: 'thresholds', detail, groups: ['alerts', 'hosts'] }, (tx) => {
      settingsStore.saveAlertSettings(tx, settings);
      if (changed.some(([name]) => Object.hasOwn(FootprintLimits.shape, name))) noteAllFootprints(ctx, tx);
    });
  }
  return settings;
}
