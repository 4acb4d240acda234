import { expect, test } from 'vitest';
import type { SearchHit } from '../../../shared/contract/search.ts';
import { SCREENS } from '../../routes.ts';
import { paletteEntries } from './palette-entries.ts';

const hit = (fields: Partial<SearchHit>): SearchHit => ({ kind: 'host', name: 'flow-1', title: 'flow-1', detail: '', score: 0.9, ...fields });
const titles = (text: string, hits: readonly SearchHit[] = []) => paletteEntries(text, hits).map(({ title }) => title);

test('without a text every screen and command is offered, screens first', () => {
  expect(titles('').slice(0, SCREENS.length)).toEqual(SCREENS.map(({ title }) => `Go to ${title}`));
  expect(titles(' ')).toContain('Add a rule');
});

test('commands and what was found stand in one list, best first', () => {
  expect(titles('flow', [hit({}), hit({ kind: 'flow', title: 'web-1 → db-1 tcp/5432', score: 0.05 })])).toEqual(['flow-1', 'Go to Flows', 'Import flow logs', 'Collect from all hosts', 'web-1 → db-1 tcp/5432']);
});

test('a text that fits nothing leaves nothing', () => {
  expect(titles('qqqq')).toEqual([]);
});
