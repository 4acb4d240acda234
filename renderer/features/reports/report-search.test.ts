import { expect, test } from 'vitest';
import { orderOf, reportFileName, reportSearch } from './report-search.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 34);

test('without a choice it is the full report of the last 30 days, in hours that have ended', () => {
  expect(orderOf({}, NOW)).toEqual({ kind: 'segmentation', framework: null, fromMs: Date.UTC(2026, 9, 22, 12), untilMs: Date.UTC(2026, 10, 21, 12) });
});

test('a framework counts for the report by framework alone', () => {
  expect(orderOf({ kind: 'frameworks', framework: 'hipaa', period: '7d' }, NOW)).toMatchObject({ framework: 'hipaa', fromMs: Date.UTC(2026, 10, 14, 12) });
  expect(orderOf({ kind: 'rules', framework: 'hipaa' }, NOW)).toMatchObject({ kind: 'rules', framework: null });
});

test('a file is named by what it is and of when', () => {
  expect(reportFileName(orderOf({ kind: 'rules' }, NOW), 'csv')).toBe('firebreak-rules-2026-10-22-to-2026-11-21.csv');
  expect(reportFileName(orderOf({ kind: 'frameworks', framework: 'pci-dss' }, NOW), 'pdf')).toBe('firebreak-pci-dss-2026-10-22-to-2026-11-21.pdf');
});

test('an address with a kind that there is not shows the first one', () => {
  expect(orderOf(reportSearch.parse({ kind: 'everything', period: 'ever' }), NOW).kind).toBe('segmentation');
});
