import type { MaintenanceWindow, MaintenanceWindows, PlanWindow, WindowState } from '../model/maintenance.ts';
import { listWindows, yearsAround } from '../time/schedule-windows.ts';

/** The window that a host of the zone (null: of none) goes by: its zone's own, else the one for all; undefined where it may be pushed to at any time. Pure. */
export function findWindow(windows: MaintenanceWindows, zone: string | null): MaintenanceWindow | undefined {
  return windows.find((window) => window.zone !== null && window.zone === zone) ?? windows.find((window) => window.zone === null);
}

/** Whether the window is open at `nowMs`, and until when that stays so. Pure. */
export function readWindow({ zone, schedule }: MaintenanceWindow, nowMs: number): WindowState {
  const next = listWindows(schedule, yearsAround(nowMs)).find(({ toMs }) => nowMs < toMs);
  const isOpen = next !== undefined && next.fromMs <= nowMs;
  return { zone, timeZone: schedule.timeZone, isOpen, changesAtMs: (isOpen ? next.toMs : next?.fromMs) ?? null };
}

/** A host with the zones whose rules it would get and has: who leaves a zone is changed by that, too. */
export type WindowedHost = { readonly hostName: string; readonly zones: readonly (string | null)[] };

/** The windows that these hosts go by, as they stand at `nowMs`, each once with its hosts; shut ones first. Pure. */
export function readPlanWindows(windows: MaintenanceWindows, hosts: readonly WindowedHost[], nowMs: number): PlanWindow[] {
  const found = windows.map((window) => ({ ...readWindow(window, nowMs), hosts: hosts.filter(({ zones }) => zones.some((zone) => findWindow(windows, zone) === window)).map(({ hostName }) => hostName) }));
  return found.filter((window) => window.hosts.length > 0).toSorted((a, b) => Number(a.isOpen) - Number(b.isOpen));
}

/** The first of the host's windows that is shut, or null when it may be pushed to. Pure. */
export const findShut = (windows: MaintenanceWindows, host: WindowedHost, nowMs: number): PlanWindow | null => readPlanWindows(windows, [host], nowMs).find(({ isOpen }) => !isOpen) ?? null;
