import { afterEach, beforeEach, expect, test } from 'vitest';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'db-1', 'role=db');
});
afterEach(() => at.close());

const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const addRule = () => firebreak('rule', 'add', '--from', 'role=web', '--to', 'role=db', '--service', 'tcp/5432');
const rules = async () => (await at.client.policy.get({})).policy.rules;

test('the newest edit is taken back and done again, each named, and what is left is counted', async () => {
  await addRule();
  await firebreak('zone', 'add', 'data', '--select', 'role=db');
  expect(await firebreak('undo')).toMatchObject({ code: 0, out: expect.stringMatching(/^Took back “add zone data” of ada, .*\. 1 more to undo, 1 to redo\.$/) });
  expect((await firebreak('undo', '--list')).out).toMatch(/STEP[\s\S]*add rule r_\w+ +ada/);
  expect(await firebreak('redo')).toMatchObject({ code: 0, out: expect.stringContaining('Did “add zone data” of ada') });
  expect((await firebreak('redo', '--list')).out).toBe('There is nothing to redo.');
});

test('with nothing to take back it fails and says what else leads to an older state', async () => {
  expect(await firebreak('undo')).toMatchObject({ code: 1, err: expect.stringContaining('firebreak version restore') });
});

test('rules are disabled and enabled by id, in one step, and listed so', async () => {
  await addRule();
  await addRule();
  const ids = (await rules()).map((rule) => rule.id);
  expect((await firebreak('rule', 'disable', ...ids)).out).toContain('hosts follow with the next push');
  expect((await rules()).map((rule) => rule.disabled)).toEqual([true, true]);
  expect((await firebreak('rule', 'list')).out).toContain('allow (disabled)');
  expect((await firebreak('rule', 'enable', ids[0] ?? '')).code).toBe(0);
  expect((await rules()).map((rule) => rule.disabled)).toEqual([undefined, true]);
  await firebreak('undo');
  await firebreak('undo');
  expect((await rules()).map((rule) => rule.disabled)).toEqual([undefined, undefined]);
  expect(await firebreak('rule', 'disable', 'web')).toMatchObject({ code: 2, err: expect.stringContaining('firebreak rule list') });
});
