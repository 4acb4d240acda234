import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { forgetWorkspace, listRecentWorkspaces, rememberWorkspace } from './recent-workspaces.ts';

let at: ReturnType<typeof makeFolder>;
let configDir = '';
beforeEach(() => {
  at = makeFolder();
  configDir = join(at.folder, 'config');
});
afterEach(() => at.remove());

test('the newest comes first, each once, and what is gone is told apart', () => {
  const here = join(at.folder, 'here.firebreak');
  writeFileSync(here, 'x');
  rememberWorkspace(configDir, here, 1);
  rememberWorkspace(configDir, '/gone.firebreak', 2);
  rememberWorkspace(configDir, here, 3);
  expect(listRecentWorkspaces(configDir)).toEqual([
    { path: here, openedAtMs: 3, bytes: 1, changedAtMs: Math.round(statSync(here).mtimeMs) },
    { path: '/gone.firebreak', openedAtMs: 2, bytes: null, changedAtMs: null },
  ]);
  forgetWorkspace(configDir, '/gone.firebreak');
  expect(listRecentWorkspaces(configDir).map(({ path }) => path)).toEqual([here]);
});

test('at most twelve are kept, in a file of the user alone', () => {
  for (let n = 1; n <= 15; n += 1) rememberWorkspace(configDir, `/w${n}`, n);
  expect(listRecentWorkspaces(configDir).map(({ path }) => path)).toEqual(Array.from({ length: 12 }, (_, i) => `/w${15 - i}`));
  expect(statSync(join(configDir, 'recent.json')).mode & 0o777).toBe(0o600);
});

test('a list that is not ours counts as empty and is written anew', () => {
  mkdirSync(configDir, { recursive: true });
  writeFileSync(join(configDir, 'recent.json'), '{"v":7');
  expect(listRecentWorkspaces(configDir)).toEqual([]);
  rememberWorkspace(configDir, '/w', 1);
  expect(listRecentWorkspaces(configDir)).toHaveLength(1);
});
