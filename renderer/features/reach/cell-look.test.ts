import { expect, test } from 'vitest';
import type { MatrixCell, MatrixPermit } from '../../../shared/contract/reach-views.ts';
import { isChanged, lookOfCell, lookOfPermit } from './cell-look.ts';

const permit = (fields: Partial<MatrixPermit>): MatrixPermit => ({ kind: 'services', wouldBlock: false, count: 2, services: ['tcp/80', 'tcp/443'], rules: 1, ...fields });
const cell = (fields: Partial<MatrixCell>): MatrixCell => ({ from: 'any', to: 'any', seen: { connections: 0, services: 0, worst: null, lastSeenAtMs: null }, live: permit({}), draft: permit({}), ...fields });

test('each kind of permit has a form of its own beside its colour', () => {
  const kinds = (['everything', 'services', 'nothing', 'nobody'] as const).map((kind) => lookOfPermit(permit({ kind })));
  expect(new Set(kinds.map(({ form }) => form)).size).toBe(4);
  expect(lookOfPermit(permit({ count: 5 })).words).toBe('tcp/80, tcp/443 and 3 more pass by 1 rule');
  expect(lookOfPermit(permit({ kind: 'everything', wouldBlock: true }))).toMatchObject({ meaning: 'would-block', words: 'everything passes, some of it only because an end tests' });
});

test('what was seen is told with its worst verdict and its count', () => {
  const seen = cell({ seen: { connections: 12_345, services: 1, worst: 'blocked', lastSeenAtMs: 1 } });
  expect(lookOfCell(seen, 'seen')).toEqual({ meaning: 'blocked', form: 'seen', text: '12k', words: '12,345 connections on 1 service, worst: blocked' });
  expect(lookOfCell(cell({}), 'seen').words).toBe('nothing seen');
});

test('a cell is changed where the draft lets more or less pass', () => {
  expect(isChanged(cell({}))).toBe(false);
  expect(isChanged(cell({ draft: permit({ count: 3 }) }))).toBe(true);
  expect(isChanged(cell({ live: permit({ kind: 'everything' }) }))).toBe(true);
});
