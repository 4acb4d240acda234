import { expect, test } from 'vitest';
import { describePlanWindow, describeShut, describeWindow, parseMaintenance, printMaintenance } from '../text/maintenance-text.ts';
import { MaintenanceWindows } from '../model/maintenance.ts';
import { findShut, findWindow, readPlanWindows, readWindow } from './maintenance.ts';
import { expectParsed } from './testing/builders.ts';

const windowsOf = (...texts: string[]) => MaintenanceWindows.parse(texts.map((text) => expectParsed(parseMaintenance(text))));
const NIGHT = 'shop=Sat 22:00-04:00 Europe/Berlin';
const at = (text: string): number => Date.parse(text);

test('a window is open from its beginning until before its end, over midnight, by the clock of its zone', () => {
  const [night] = windowsOf(NIGHT);
  if (night === undefined) throw new Error('no window');
  const stateAt = (text: string) => describeWindow(readWindow(night, at(text)));
  expect(stateAt('2026-12-05T20:59:59Z')).toBe('closed, opens Sat 2026-12-05 22:00 Europe/Berlin');
  expect(stateAt('2026-12-05T21:00:00Z')).toBe('open until Sun 2026-12-06 04:00 Europe/Berlin');
  expect(stateAt('2026-12-06T02:59:59Z')).toBe('open until Sun 2026-12-06 04:00 Europe/Berlin');
  expect(stateAt('2026-12-06T03:00:00Z')).toBe('closed, opens Sat 2026-12-12 22:00 Europe/Berlin');
});

test('the night in which summer time begins is an hour shorter, and the window ends when the clock there says so', () => {
  const [night] = windowsOf(NIGHT);
  if (night === undefined) throw new Error('no window');
  expect(readWindow(night, at('2027-03-27T21:30:00Z'))).toMatchObject({ isOpen: true, changesAtMs: at('2027-03-28T02:00:00Z') });
});

test('a zone goes by its own window, others and hosts in no zone by that for every zone, and without any at any time', () => {
  const windows = windowsOf(NIGHT, '*=Sun 01:00-05:00 UTC');
  expect([findWindow(windows, 'shop')?.zone, findWindow(windows, 'crm')?.zone, findWindow(windows, null)?.zone]).toEqual(['shop', null, null]);
  expect([findWindow(windowsOf(NIGHT), 'crm'), findWindow(windowsOf(NIGHT), null), findWindow([], 'shop')]).toEqual([undefined, undefined, undefined]);
});

test('a host that leaves a zone is held to the window of either; shut windows are told first, and with whom they are about', () => {
  const windows = windowsOf('crm=daily 00:00-24:00 UTC', NIGHT);
  const nowMs = at('2026-12-01T12:00:00Z');
  const planned = readPlanWindows(windows, [{ hostName: 'crm-1', zones: ['crm'] }, { hostName: 'web-1', zones: [null, 'shop'] }, { hostName: 'free-1', zones: [null] }], nowMs);
  expect(planned.map(({ zone, isOpen, hosts }) => [zone, isOpen, hosts])).toEqual([['shop', false, ['web-1']], ['crm', true, ['crm-1']]]);
  expect([planned[0] && describePlanWindow(planned[0]), planned[0] && describeShut(planned[0], nowMs)]).toEqual([
    'zone shop (web-1): closed, opens Sat 2026-12-05 22:00 Europe/Berlin',
    'the maintenance window of zone shop is closed: it is Tue 2026-12-01 13:00 Europe/Berlin, and it opens Sat 2026-12-05 22:00',
  ]);
  expect([findShut(windows, { hostName: 'web-1', zones: ['shop'] }, nowMs)?.zone, findShut(windows, { hostName: 'crm-1', zones: ['crm'] }, nowMs)]).toEqual(['shop', null]);
});

test('what is written is read back as it was, and what cannot be read says where and why', () => {
  for (const text of [NIGHT, '*=Mon-Fri 20:00-24:00; Sun 00:00-06:00 UTC']) expect(printMaintenance(expectParsed(parseMaintenance(text)))).toBe(text);
  const wrong = (text: string) => {
    const parsed = parseMaintenance(text);
    return parsed.ok ? null : parsed.issues[0]?.message;
  };
  expect(wrong('Sat 22:00-04:00 UTC')).toContain('names no zone');
  expect(wrong('=Sat 22:00-04:00 UTC')).toContain('names no zone');
  expect(wrong('a b=Sat 22:00-04:00 UTC')).toContain('“a b” is no zone');
  expect(wrong('shop=Sat 22:00-04:00')).toContain('names no time zone');
  expect(MaintenanceWindows.safeParse([...windowsOf(NIGHT), ...windowsOf(NIGHT)]).success).toBe(false);
});
