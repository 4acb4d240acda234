import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../db/testing/temporary-workspace.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  at = makeBackend();
  folder = makeFolder();
});
afterEach(async () => {
  await at.close();
  folder.remove();
});

test('a list is tried, then added; what was refused is told with its line', async () => {
  const path = join(folder.folder, 'cmdb.csv');
  writeFileSync(path, 'name,address,role\nnas-1,10.0.1.1,storage\nodd,10.0.1,web\n');
  const dry = await runFirebreak(at, ['host', 'import', path, '--dry-run']);
  expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/^2 rows: 1 to add, 0 there already, 1 refused\./) });
  expect(dry.out).toMatch(/3\s+odd\s+“10\.0\.1” is no address/);
  expect(await at.client.hosts.list({})).toEqual([]);
  expect((await runFirebreak(at, ['host', 'import', path])).out).toMatch(/nas-1\s+unmanaged\s+10\.0\.1\.1\s+role=storage/);
  expect((await runFirebreak(at, ['host', 'import', path])).out).toContain('0 added, 1 there already');
});

test('a list that makes no host exits with 1, and a file that is not there says so', async () => {
  const path = join(folder.folder, 'letter.txt');
  writeFileSync(path, 'Dear Sir or Madam\n');
  expect(await runFirebreak(at, ['host', 'import', path])).toMatchObject({ code: 1, out: expect.stringContaining('no column “name”') });
  expect(await runFirebreak(at, ['host', 'import', join(folder.folder, 'none.csv')])).toMatchObject({ code: 1, err: expect.stringContaining('none.csv') });
});
