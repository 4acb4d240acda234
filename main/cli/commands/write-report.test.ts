import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../../db/testing/temporary-workspace.ts';
import { writeReport } from './write-report.ts';

let folder: ReturnType<typeof makeFolder>;
beforeEach(() => {
  folder = makeFolder();
});
afterEach(() => folder.remove());
const path = (name: string) => join(folder.folder, name);

test('a report takes the place of the former one with its permissions, and leaves nothing beside it', async () => {
  writeFileSync(path('a.pdf'), 'former', { mode: 0o600 });
  await writeReport(path('a.pdf'), new TextEncoder().encode('%PDF-1.4'));
  expect([readFileSync(path('a.pdf'), 'utf8'), readdirSync(folder.folder), statSync(path('a.pdf')).mode & 0o777]).toEqual(['%PDF-1.4', ['a.pdf'], 0o600]);
});

test('a file that may not grow beyond its beginning is not left half written: the former report is as it was', () => {
  writeFileSync(path('a.html'), 'former');
  const script = `const { writeReport } = await import(process.argv[1]); await writeReport(process.argv[2], 'x'.repeat(1_000_000)).catch(({ code }) => console.log(code));`;
  const ended = spawnSync('sh', ['-c', 'trap "" XFSZ; ulimit -f 8; exec "$@"', 'sh', process.execPath, '--input-type=module', '-e', script, join(import.meta.dirname, 'write-report.ts'), path('a.html')], { encoding: 'utf8' });
  expect(ended.stdout).toBe('FILE_NOT_WRITABLE\n');
  expect([readFileSync(path('a.html'), 'utf8'), readdirSync(folder.folder)]).toEqual(['former', ['a.html']]);
});

test('a new file has the permissions that were asked for', async () => {
  await writeReport(path('log.csv'), 'x', 0o600);
  expect(statSync(path('log.csv')).mode & 0o777).toBe(0o600);
});

test('what is no ordinary file is written as it is', async () => {
  await writeReport('/dev/null', 'x');
  expect(existsSync(`/dev/null.${process.pid}.part`)).toBe(false);
});
