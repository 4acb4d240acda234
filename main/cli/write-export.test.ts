import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, lstatSync, mkdirSync, openSync, readdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFolder } from '../db/testing/temporary-workspace.ts';
import { ingestDrain } from '../services/ingest.ts';
import { snapshotLine } from '../services/testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from '../services/testing/test-backend.ts';
import { runFirebreak } from './testing/run-firebreak.ts';

let at: TestBackend;
let folder: ReturnType<typeof makeFolder>;
beforeEach(async () => {
  at = makeBackend();
  folder = makeFolder();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  const in4 = [1, 2, 3].map((n) => ({ key: [`10.30.0.${n}`, 'tcp', 443, '1234'], packets: n, secondsAgo: n }));
  ingestDrain(at.backend, at.hostId('web-1'), [snapshotLine({ seq: 1, atMs: TEST_NOW_MS, sets: { in4 } })]);
});
afterEach(async () => {
  await at.close();
  folder.remove();
});
const firebreak = (...argv: string[]) => runFirebreak(at, argv);
const path = (name: string) => join(folder.folder, name);

test('flows list --csv and report flows write the same whole file, and nothing beside it', async () => {
  expect(await firebreak('flows', 'list', '--csv', path('a.csv'))).toMatchObject({ code: 0, out: `Wrote 3 flows to ${path('a.csv')}.` });
  expect(await firebreak('report', 'flows', '--out', path('b.csv'))).toMatchObject({ code: 0 });
  expect(readdirSync(folder.folder).toSorted()).toEqual(['a.csv', 'b.csv']);
  const text = readFileSync(path('a.csv'), 'utf8');
  expect(text.trimEnd().split('\r\n').map((line) => line.split(',')[3])).toEqual(['peer_address', '10.30.0.1', '10.30.0.2', '10.30.0.3']);
  expect(readFileSync(path('b.csv'), 'utf8')).toBe(text);
});

test('an export that fails leaves the former file as it was, and nothing beside it', async () => {
  writeFileSync(path('a.csv'), 'former');
  expect((await firebreak('flows', 'list', '--from', 'role=', '--csv', path('a.csv'))).code).toBe(2);
  expect([readFileSync(path('a.csv'), 'utf8'), readdirSync(folder.folder)]).toEqual(['former', ['a.csv']]);
  mkdirSync(path(`taken.csv.${process.pid}.part`));
  expect(await firebreak('flows', 'list', '--csv', path('taken.csv'))).toMatchObject({ code: 1, err: expect.stringContaining(path('taken.csv')) });
  expect(existsSync(path('taken.csv'))).toBe(false);
});

test('nothing is written through a link that lies where an export is written to, and a file that was private stays so', async () => {
  writeFileSync(path('key'), 'secret', { mode: 0o600 });
  for (const link of ['a.csv.part', `a.csv.${process.pid}.part`]) symlinkSync(path('key'), path(link));
  expect(await firebreak('flows', 'list', '--csv', path('a.csv'))).toMatchObject({ code: 1, err: expect.stringContaining(path('a.csv')) });
  expect([readFileSync(path('key'), 'utf8'), existsSync(path('a.csv'))]).toEqual(['secret', false]);
  writeFileSync(path('b.csv'), 'former', { mode: 0o600 });
  expect((await firebreak('flows', 'list', '--csv', path('b.csv'))).code).toBe(0);
  expect([statSync(path('b.csv')).mode & 0o777, readFileSync(path('b.csv'), 'utf8').split('\r\n')]).toEqual([0o600, expect.objectContaining({ length: 5 })]);
});

test('a symbolic link where an export is written to is refused: what it leads to stays as it was, and the link too', async () => {
  writeFileSync(path('reports.csv'), 'former');
  symlinkSync('reports.csv', path('latest.csv'));
  symlinkSync('nowhere.csv', path('dangling.csv'));
  symlinkSync('/dev/null', path('device.csv'));
  for (const [link, to] of [['latest.csv', 'reports.csv'], ['dangling.csv', 'nowhere.csv'], ['device.csv', '/dev/null']] as const) {
    for (const argv of [['flows', 'list', '--csv', path(link)], ['audit', 'export', path(link)]])
      expect(await firebreak(...argv)).toMatchObject({ code: 1, err: expect.stringContaining(`it is a symbolic link to ${to}, which is neither followed nor replaced`) });
    expect(readlinkSync(path(link))).toBe(to);
  }
  expect([readFileSync(path('reports.csv'), 'utf8'), readdirSync(folder.folder).toSorted()]).toEqual(['former', ['dangling.csv', 'device.csv', 'latest.csv', 'reports.csv']]);
});

test('what the process has open is written to behind what is there, and its name stays what it is', () => {
  const writer = new URL('whole-file.ts', import.meta.url).pathname;
  const script = `const { openWholeFile } = await import(${JSON.stringify(writer)}); const file = await openWholeFile('/dev/stdout'); await file.append('export\\n'); await file.finish(); await file.drop();`;
  const before = lstatSync('/dev/stdout').ino;
  writeFileSync(path('out'), 'head\n');
  const out = openSync(path('out'), 'a');
  expect(spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', out, 'inherit'] }).status).toBe(0);
  closeSync(out);
  expect([readFileSync(path('out'), 'utf8'), lstatSync('/dev/stdout').ino]).toEqual(['head\nexport\n', before]);
});

test('what is no ordinary file is written as it is', async () => {
  expect(await firebreak('flows', 'list', '--csv', '/dev/null')).toMatchObject({ code: 0, out: 'Wrote 3 flows to /dev/null.' });
  expect(existsSync(`/dev/null.${process.pid}.part`)).toBe(false);
});
