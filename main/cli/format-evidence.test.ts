import { expect, test } from 'vitest';
import type { HostHealth, HostQuality, QualityHour } from '../../shared/contract/host-evidence.ts';
import { ageText } from '../../shared/text/time-text.ts';
import { formatHealth, formatQuality } from './format-evidence.ts';

const START_MS = Date.UTC(2026, 10, 20, 22);
const anHour = (n: number, more: Partial<QualityHour> = {}): QualityHour => ({ startMs: START_MS + n * 3_600_000, state: 'complete', snapshots: 1, lost: 0, gapSeconds: 0, coarse: 0, rejected: 0, restarts: 0, clockOffsetMs: null, ...more });
const aQuality = (hours: QualityHour[]): HostQuality => ({ sinceMs: START_MS, lastSnapshotAtMs: START_MS, hours, totals: { complete: 1, late: 0, lost: 1, gap: 1, waiting: 1, before: 0 } });
const aHealth = (more: Partial<HostHealth>): HostHealth => ({
  hostName: 'web-1', agentVersion: '0.1.0', reachable: true, lastContactAtMs: 1, clockOffsetMs: 0, verify: 'ok', summary: null, latency: null, spoolAgeMs: 0, keyPinned: true, hostKeyPinned: true, attention: [], ...more,
});

test('hours stand below the hour of their day, and each state has a character of its own', () => {
  const text = formatQuality('web-1', aQuality([anHour(0), anHour(1, { state: 'late' }), anHour(2, { state: 'gap', gapSeconds: 1800 }), anHour(3, { state: 'lost', lost: 9 }), anHour(4, { state: 'waiting' })]));
  expect(text).toContain('2026-11-20  |                      #+|\n2026-11-21  |_!.                     |');
});

test('only hours with a gap, a loss, a full set or a clock that is off have a line', () => {
  const rows = (...hours: QualityHour[]) => formatQuality('web-1', aQuality(hours)).split('\n\n').at(-1);
  expect(rows(anHour(0), anHour(1, { state: 'late' }), anHour(2, { clockOffsetMs: 900 }))).toBe('No hour needs a remark.');
  expect(rows(anHour(0), anHour(2, { state: 'gap', gapSeconds: 1800 }), anHour(3, { coarse: 4, clockOffsetMs: -90_500 }))?.split('\n').map((line) => line.replace(/ +/g, ' '))).toEqual([
    'HOUR (UTC) STATE SNAPSHOTS GAP UP TO LOST COARSE REJECTED CLOCK',
    '2026-11-21 00 gap 1 30 min 0 0 0 -',
    '2026-11-21 01 complete 1 0 min 0 4 0 -91 s',
  ]);
});

test('the table of health ends with what needs attention, and with the table where nothing does', () => {
  expect(formatHealth([])).toBe('No managed hosts.');
  expect(formatHealth([aHealth({})])).not.toContain('LOOK');
  expect(formatHealth([aHealth({}), aHealth({ hostName: 'db-1', reachable: null, attention: ['its clock is 90 s behind'] })])).toMatch(/\nLOOK +WHY\ndb-1 +its clock is 90 s behind$/);
});

test('ages are told in a unit that fits', () => {
  expect([0, 3_599_999, 3_600_000, 47 * 3_600_000, 48 * 3_600_000].map(ageText)).toEqual(['0 min', '59 min', '1 h', '47 h', '2 d']);
});
