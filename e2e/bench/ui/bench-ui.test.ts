import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test('the short benchmark measures every part in a real browser', { timeout: 600_000 }, () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [new URL('./bench-ui.ts', import.meta.url).pathname, '--short'], { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
  for (const what of [
    'cold start to a usable overview, with browser',
    'first readable map',
    'expand a zone',
    'frame while panning and zooming, median',
    'all, newest first',
    'a screen further, 40 times, until drawn',
  ]) {
    expect(stdout).toMatch(new RegExp(`${what} +[\\d.]+ ms `));
  }
});
