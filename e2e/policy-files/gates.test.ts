import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CliSession } from '../main-job/cli-session.ts';

/** What a pipeline sees: exit codes and the lines that it prints. */
let cli: CliSession;
let path: string;
beforeEach(async () => {
  cli = new CliSession();
  path = join(cli.folder, 'shop.yaml');
  await cli.run('init');
  for (const [name, ip, role] of [['web-1', '10.0.0.1', 'web'], ['db-1', '10.0.0.2', 'db']] as const) await cli.run('host', 'add', name, '--address', `root@${ip}`, '--identity', 'agent', '--label', `role=${role}`);
});
afterEach(() => cli.remove());

const policy = (port: number) => ['firebreak: 1', 'zones:', '  - {name: data, select: role=db, mode: enforce}', 'rules:', `  - {action: allow, from: role=web, to: role=db, services: tcp/${port}}`, 'tests:', '  - {expect: allow, from: role=web, to: role=db, service: tcp/5432}', ''].join('\n');
const write = (text: string) => writeFileSync(path, text);
const listRules = async () => (await cli.run('rule', 'list', '--json')).out;

test('policy test FILE runs the file’s tests on the file’s rules: 0 when they hold, 3 with the line when one is broken, 2 when the file is none', async () => {
  const before = await listRules();
  write(policy(5432));
  expect(await cli.run('policy', 'test', path)).toMatchObject({ code: 0, out: `1 policy tests of ${path} hold.` });
  write(policy(5433));
  const broken = await cli.run('policy', 'test', path);
  expect([broken.code, broken.out.split('\n')]).toEqual([
    3,
    [
      `${path}:7:5: role=web can reach role=db on tcp/5432: web-1 (10.0.0.1) is blocked from db-1 (10.0.0.2) on tcp/5432 no rule allows it`,
      '  7 |   - {expect: allow, from: role=web, to: role=db, service: tcp/5432}',
      '    |     ^',
      '1 of 1 policy tests are broken.',
    ],
  ]);
  write('firebreak: 1\nrules: [');
  expect((await cli.run('policy', 'test', path)).code).toBe(2);
  expect(await listRules()).toBe(before);
});

test('plan --policy FILE shows what pushing the file would change and exits with 3 when its tests break; the draft stays', async () => {
  const before = await listRules();
  write(policy(5432));
  const plan = await cli.run('plan', '--policy', path);
  expect([plan.code, plan.out.includes('data'), plan.out.includes('tcp/5432')]).toEqual([0, true, true]);
  write(policy(5433));
  expect((await cli.run('plan', '--policy', path)).code).toBe(3);
  write(policy(70000));
  expect(await cli.run('plan', '--policy', path)).toMatchObject({ code: 2, err: expect.stringContaining(`${path}:5:`) });
  expect(await listRules()).toBe(before);
});

test('an import that meets another edit of the same rule exits with 3 and shows both; with a side it is done', async () => {
  write(policy(5432));
  expect((await cli.run('policy', 'import', path, '--update')).code).toBe(0);
  const id = /id: (r_\w+)/.exec(readFileSync(path, 'utf8'))?.[1] ?? '';
  const edited = readFileSync(path, 'utf8').replace('[tcp/5432]', '[tcp/5433] # moved');
  await cli.run('rule', 'remove', id);
  write(edited);
  const refused = await cli.run('policy', 'import', path);
  expect([refused.code, refused.err.split('\n')]).toEqual([
    3,
    [
      `MERGE_CONFLICT: ${path}:11: rule ${id}: the draft and the file both changed it since the file was exported`,
      '  before: allow role=web → role=db on tcp/5432',
      '  draft:  removed',
      '  file:   allow role=web → role=db on tcp/5433',
      'Nothing was imported. Take the draft’s side of these (--ours) or the file’s (--theirs), or export again and edit that.',
    ],
  ]);
  expect((await cli.run('policy', 'import', path, '--ours', '--theirs')).code).toBe(2);
  expect((await cli.run('policy', 'import', path, '--theirs', '--update')).code).toBe(0);
  expect(readFileSync(path, 'utf8')).toContain('[tcp/5433] # moved');
  expect((await cli.run('rule', 'history', id)).out).toContain('tester');
  expect((await cli.run('policy', 'blame')).out).toContain(id);
});
