import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CliSession } from '../../../e2e/main-job/cli-session.ts';

let cli: CliSession;
beforeEach(async () => {
  cli = new CliSession();
  await cli.run('init');
});
afterEach(() => cli.remove());

test('a workspace is described, backed up, copied and compacted', async () => {
  expect((await cli.run('workspace', 'info')).out).toMatch(/^workspace {2}.*test\.firebreak\nsize {7}\d+ KB\nhosts {6}0\nversion {4}none: nothing was pushed yet$/);
  const out = join(cli.folder, 'kept.backup');
  expect(await cli.run('workspace', 'backup', '--out', out)).toMatchObject({ code: 0, out: expect.stringContaining(`Backed up to ${out}`) });
  expect(await cli.run('workspace', 'backup', '--out', out)).toMatchObject({ code: 1, err: expect.stringContaining('already exists') });
  const copy = join(cli.folder, 'copy.firebreak');
  expect((await cli.run('workspace', 'duplicate', copy)).code).toBe(0);
  expect((await cli.run('--workspace', copy, 'workspace', 'compact')).out).toMatch(/^\d+ (B|KB) before, \d+ (B|KB) after\.$/);
});

test('going back says what it costs, and does it only when told to', async () => {
  const out = join(cli.folder, 'kept.backup');
  await cli.run('host', 'add', 'web-1', '--address', '10.0.0.1', '--identity', '/keys/id');
  await cli.run('workspace', 'backup', '--out', out);
  await cli.run('host', 'add', 'web-2', '--address', '10.0.0.2', '--identity', '/keys/id');
  const refused = await cli.run('workspace', 'restore', out);
  expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/1 host: web-2\n[\s\S]*--replace/)]);
  const done = await cli.run('workspace', 'restore', out, '--replace');
  expect([done.code, done.out]).toEqual([0, expect.stringContaining('The former file is')]);
  expect((await cli.run('host', 'list')).out).toMatch(/web-1/);
  expect((await cli.run('host', 'list')).out).not.toMatch(/web-2/);
});

test('a workspace that is gone comes back without a question', async () => {
  const out = join(cli.folder, 'kept.backup');
  await cli.run('workspace', 'backup', '--out', out);
  const lost = join(cli.folder, 'lost.firebreak');
  expect((await cli.run('--workspace', lost, 'workspace', 'restore', out)).code).toBe(0);
  expect(existsSync(lost)).toBe(true);
});

test('nothing recent is said in words', async () => {
  expect((await cli.run('workspace', 'recent')).out).toBe('No window of this user had a workspace open yet.');
});
