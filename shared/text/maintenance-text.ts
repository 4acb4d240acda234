import type { MaintenanceWindow, PlanWindow, WindowState } from '../model/maintenance.ts';
import { ZoneName } from '../model/names.ts';
import { readWallClock } from '../time/time-zone.ts';
import { failed, type Parsed, parsed, shiftIssues } from './parsed.ts';
import { parseSchedule, printSchedule } from './schedule-text.ts';

const EVERY_ZONE = '*';
const FORM = 'write a zone and when it may be pushed to: shop=Sat 22:00-04:00 Europe/Berlin (* for every zone without a window of its own)';

/** Reads `shop=Sat 22:00-04:00 Europe/Berlin`; the zone `*` is every one that has no window of its own. */
export function parseMaintenance(text: string): Parsed<MaintenanceWindow> {
  const at = text.indexOf('=');
  if (at < 1) return failed(`“${text}” names no zone; ${FORM}`);
  const zone = parseWindowZone(text.slice(0, at));
  if (!zone.ok) return zone;
  const schedule = parseSchedule(text.slice(at + 1));
  return schedule.ok ? parsed({ zone: zone.value, schedule: schedule.value }) : { ok: false, issues: shiftIssues(schedule.issues, at + 1) };
}

/** A zone, or null for `*`. */
export function parseWindowZone(text: string): Parsed<MaintenanceWindow['zone']> {
  if (text.trim() === EVERY_ZONE) return parsed(null);
  const zone = ZoneName.safeParse(text.trim());
  return zone.success ? parsed(zone.data) : failed(`“${text.trim()}” is no zone; ${FORM}`);
}

/** The text that `parseMaintenance` reads. */
export const printMaintenance = ({ zone, schedule }: MaintenanceWindow): string => `${zone ?? EVERY_ZONE}=${printSchedule(schedule)}`;

export const windowName = (zone: string | null): string => (zone === null ? 'every zone' : `zone ${zone}`);

/** `Sat 2026-12-05 22:00`, as a clock on that wall shows it. */
export function wallText(atMs: number, timeZone: string): string {
  const wall = new Date(readWallClock(atMs, timeZone));
  return `${DAYS[wall.getUTCDay()] ?? ''} ${wall.toISOString().slice(0, 10)} ${wall.toISOString().slice(11, 16)}`;
}
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

/** `open until Sun 2026-12-06 04:00 Europe/Berlin`, `closed, opens Sat 2026-12-05 22:00 Europe/Berlin`. */
export function describeWindow({ isOpen, changesAtMs, timeZone }: WindowState): string {
  const at = changesAtMs === null ? null : `${wallText(changesAtMs, timeZone)} ${timeZone}`;
  if (isOpen) return at === null ? 'open' : `open until ${at}`;
  return at === null ? 'closed, and does not open within two years' : `closed, opens ${at}`;
}

const NAMED = 5;
/** For a plan: `zone shop (web-1, web-2): closed, opens Sat 2026-12-05 22:00 Europe/Berlin`. */
export const describePlanWindow = (window: PlanWindow): string =>
  `${windowName(window.zone)} (${window.hosts.slice(0, NAMED).join(', ')}${window.hosts.length > NAMED ? ` and ${window.hosts.length - NAMED} more` : ''}): ${describeWindow(window)}`;

/** Of a shut one, for a push that is refused: names the zone, what time it is there, and when the window opens. */
export const describeShut = (window: PlanWindow, nowMs: number): string =>
  `the maintenance window of ${windowName(window.zone)} is closed: it is ${wallText(nowMs, window.timeZone)} ${window.timeZone}, and ${window.changesAtMs === null ? 'it does not open within two years' : `it opens ${wallText(window.changesAtMs, window.timeZone)}`}`;
