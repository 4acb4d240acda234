import { expect, test } from 'vitest';
import { flowQueryOf, flowSearch } from './flow-search.ts';

test('without filters the last seven days are asked for', () => {
  expect(flowQueryOf({}, 604_800_000 + 61_000)).toEqual({
    sinceMs: 60_000,
    untilMs: null,
    verdict: null,
    from: null,
    to: null,
    text: null,
    limit: 5000,
    offset: 0,
  });
});

test('blank texts are no filter, others are trimmed', () => {
  const query = flowQueryOf({ period: 'all', text: '  ', from: ' role=web ', verdict: 'blocked' }, 0);
  expect(query).toMatchObject({ sinceMs: null, text: null, from: 'role=web', verdict: ['blocked'] });
});

test('an address with nonsense in it opens the screen without that filter', () => {
  expect(flowSearch.parse({ period: 'yesterday', verdict: 7, text: 'db' })).toEqual({ period: undefined, verdict: undefined, text: 'db' });
});
