import { expect, test } from 'vitest';
import { groupOverlaps } from './overlap-text.ts';

test('hosts of the same zones are told together, and not more than a few by name', () => {
  const many = Array.from({ length: 8 }, (_, n) => ({ host: `web-${n}`, zones: ['shop', 'ops'] }));
  expect(groupOverlaps([...many, { host: 'db-1', zones: ['data', 'shop'] }])).toEqual(['shop before ops: web-0, web-1, web-2, web-3, web-4, web-5 and 2 more', 'data before shop: db-1']);
  expect(groupOverlaps([])).toEqual([]);
});
