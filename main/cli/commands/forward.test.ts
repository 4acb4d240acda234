import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const inFolder = (name: string) => join(dirname(at.path), name);

test('a destination is added, listed, tried, sent to and removed', async () => {
  expect((await firebreak('forward', 'list')).out).toContain('There is no destination');
  expect(await firebreak('forward', 'add', 'log', `file://${inFolder('log')}`, '--format', 'ecs', '--kinds', 'audit,push')).toMatchObject({ code: 0, out: expect.stringContaining(`audit, push as ECS to file://${inFolder('log')}`) });
  expect((await firebreak('forward', 'list')).out).toMatch(/log +file:\/\/\S+ +ecs +audit,push +\S+ \S+ +ada/);
  expect(await firebreak('forward', 'test', 'log')).toMatchObject({ code: 0, out: 'log has taken the test event.' });
  expect(await firebreak('forward', 'run')).toMatchObject({ code: 0, out: 'log: sent 1, 0 wait' });
  expect(readFileSync(inFolder('log'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  expect(await firebreak('forward', 'status')).toMatchObject({ code: 0, out: expect.stringMatching(/log +1 +0 +0 +0 +\S+ \S+ +well/) });
  expect(await firebreak('forward', 'add', 'log', 'udp://siem')).toMatchObject({ code: 1, err: expect.stringContaining('already a destination “log”') });
  expect(await firebreak('forward', 'remove', 'log')).toMatchObject({ code: 0, out: 'Removed log.' });
  expect((await firebreak('audit', 'list')).out).toMatch(/forwards\.remove +log/);
});

test('one that does not take it makes run end with 1 and status with 3, and says why', async () => {
  await firebreak('forward', 'add', 'log', `file://${inFolder('none')}/log`);
  expect(await firebreak('forward', 'run', 'log')).toMatchObject({ code: 1, out: expect.stringMatching(/log: sent 0, 1 wait; it failed: ENOENT/) });
  expect(await firebreak('forward', 'status')).toMatchObject({ code: 3, out: expect.stringMatching(/failed 1 time, next try .*ENOENT/) });
  expect(await firebreak('forward', 'test', 'log')).toMatchObject({ code: 1, err: expect.stringContaining('did not take the event: ENOENT') });
});

test('where nobody confirmed a destination on this machine run ends with 1 and status with 3, both say how, and confirm is all that it takes', async () => {
  await firebreak('forward', 'add', 'log', `file://${inFolder('log')}`);
  // As on a machine to which the workspace was brought.
  rmSync(join(at.backend.configDir, 'forward-confirmed'), { recursive: true });
  expect(await firebreak('forward', 'run')).toMatchObject({ code: 1, out: expect.stringMatching(/not confirmed on this machine; nothing is sent, 1 wait\. .*firebreak forward confirm log/) });
  expect(await firebreak('forward', 'status')).toMatchObject({ code: 3, out: expect.stringContaining('not confirmed on this machine; nothing is sent') });
  expect(await firebreak('forward', 'test', 'log')).toMatchObject({ code: 1, err: expect.stringContaining('firebreak forward confirm log') });
  expect(existsSync(inFolder('log'))).toBe(false);
  expect(await firebreak('forward', 'confirm', 'log')).toMatchObject({ code: 0, out: expect.stringContaining(`sends to file://${inFolder('log')} from now on`) });
  expect(await firebreak('forward', 'run')).toMatchObject({ code: 0, out: 'log: sent 2, 0 wait' });
});

test('what is set aside makes status end with 3 until it is forgotten, and can be looked at', async () => {
  await firebreak('forward', 'add', 'log', `file://${inFolder('log')}`);
  at.backend.workspace.transaction((tx) => tx.run("UPDATE forward_events SET event_json = 'no JSON'"));
  expect(await firebreak('forward', 'run')).toMatchObject({ code: 0, out: 'log: sent 0, 0 wait; 1 set aside (firebreak forward set-aside log)' });
  expect(await firebreak('forward', 'status')).toMatchObject({ code: 3, out: expect.stringMatching(/log +0 +0 +0 +1 .*well, but for what is set aside/) });
  expect(await firebreak('forward', 'set-aside', 'log', '--forget')).toMatchObject({ code: 0, out: expect.stringMatching(/1 +audit .*cannot be read.* no JSON[\s\S]*forgotten/) });
  expect((await firebreak('forward', 'set-aside', 'log')).out).toBe('Nothing is set aside for log.');
  expect(await firebreak('forward', 'status')).toMatchObject({ code: 0 });
});

test('only the path of a webhook’s key is stored', async () => {
  expect(await firebreak('forward', 'add', 'hook', 'https://hooks.example/in')).toMatchObject({ code: 2, err: expect.stringContaining('needs a file with the key') });
  expect(await firebreak('--json', 'forward', 'add', 'hook', 'https://hooks.example/in', '--key-file', 'key')).toMatchObject({ code: 0 });
  expect(JSON.parse((await firebreak('--json', 'forward', 'list')).out)).toMatchObject([{ target: { kind: 'webhook', keyPath: join(process.cwd(), 'key'), caPath: null } }]);
  expect(existsSync(join(process.cwd(), 'key'))).toBe(false);
});

test.each([
  [['Bad_Name', 'udp://siem'], 'small letters'],
  [['a', 'udp://siem', '--format', 'cef'], 'ocsf, ecs'],
  [['a', 'udp://siem', '--kinds', 'audit,all'], 'alert, audit, flow, push'],
  [['a', 'file:///x', '--rotate-mb', 'many'], 'rotateMegabytes'],
])('%j is refused with what there is', async (argv, message) => {
  expect(await firebreak('forward', 'add', ...argv)).toMatchObject({ code: 2, err: expect.stringContaining(message) });
});
