import { expect, test } from 'vitest';
import { readThresholds, textOfThreshold, THRESHOLDS } from './thresholds.ts';

const STORED = { silentAfterHours: 0, cpuPercent: 1, addedLatencyMs: 2, storedMegabytes: 256, rateFactor: 3, rateAtLeast: 200, quietAfterDays: 14 };

test('what was not typed stands as it is stored, and every threshold has a field', () => {
  expect(readThresholds({}, STORED)).toEqual({ settings: STORED, errors: {} });
  expect(readThresholds({ cpuPercent: ' 0.5 ', silentAfterHours: '6' }, STORED).settings).toEqual({ ...STORED, cpuPercent: 0.5, silentAfterHours: 6 });
  expect(textOfThreshold('cpuPercent', { cpuPercent: '' }, STORED)).toBe('');
  expect(THRESHOLDS.map(({ name }) => name).toSorted()).toEqual(Object.keys(STORED).toSorted());
});

test.each([
  ['cpuPercent', '0', 'write more than 0 and at most 100 % of one CPU'],
  ['cpuPercent', '101', 'write more than 0 and at most 100 % of one CPU'],
  ['addedLatencyMs', 'two', 'write more than 0 and at most 1000 milliseconds'],
  ['storedMegabytes', '1.5', 'write whole megabytes from 1 to 10240'],
  ['rateFactor', '1', 'write a number of times from 1.5 to 1000'],
  ['rateAtLeast', '', 'write whole connections an hour from 1 to 10000000'],
  ['quietAfterDays', '91', 'write whole days from 1 to 90'],
  ['silentAfterHours', '-1', 'write whole hours from 0 to 720'],
] as const)('%s cannot be “%s”: %s', (name, text, message) => {
  expect(readThresholds({ [name]: text }, STORED)).toEqual({ settings: null, errors: { [name]: message } });
});
