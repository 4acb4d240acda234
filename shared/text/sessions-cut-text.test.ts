import { expect, test } from 'vitest';
import { describeSessionsCut } from './sessions-cut-text.ts';

const NOTHING = { cut: 0, forgotten: 0, failed: 0, kept: 0, gone: 0, note: null };

test.each([
  ['0 live connections cut', NOTHING],
  ['1 live connection cut', { ...NOTHING, cut: 1, gone: 4 }],
  ['3 live connections cut, 2 forgotten by connection tracking and judged anew at the next packet, 1 could not be cut and lives on, 1 of consoles kept', { ...NOTHING, cut: 3, forgotten: 2, failed: 1, kept: 1 }],
  ['0 live connections cut. Not all were seen.', { ...NOTHING, note: 'Not all were seen.' }],
])('%s', (text, cut) => {
  expect(describeSessionsCut(cut)).toBe(text);
});
