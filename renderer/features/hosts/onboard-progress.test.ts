import { expect, test } from 'vitest';
import { goOn, type Progress } from './onboard-progress.ts';

const line = (hostName: string, text: string, done: number) => ({ type: 'progress' as const, hostName, text, done, total: 3 });

test('who is under way is told with what it does, until its last line comes', () => {
  let now: Progress = { done: 0, total: 3, underWay: new Map() };
  for (const event of [line('a', 'key', 0), line('b', 'key', 0), line('a', 'install', 0), line('b', 'failed', 1), line('c', 'key', 1)]) now = goOn(now, event);
  expect(now).toEqual({ done: 1, total: 3, underWay: new Map([['a', 'install'], ['c', 'key']]) });
});
