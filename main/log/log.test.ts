import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openLog } from './open-log.ts';
import { readLastLines } from './read-log.ts';

let dir = '';
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-log-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const at = (place: string) => openLog({ dir: place, from: 'backend', nowMs: () => Date.UTC(2026, 10, 29), secrets: () => ['hunter2'] });
const moduleUrl = new URL('./open-log.ts', import.meta.url).href;

describe('the log', () => {
  test('has one object a line, readable by its owner alone, without what is secret', () => {
    const place = join(dir, 'deep', 'log');
    at(place).write('failed', { procedure: 'hosts.trust', detail: 'sudo: hunter2' }, new Error('outer hunter2', { cause: new TypeError('password=abc') }));
    const [line] = readLastLines(place, 10);
    const entry = JSON.parse(line ?? '') as Record<string, string>;
    expect(entry).toMatchObject({ at: '2026-11-29T00:00:00.000Z', from: 'backend', pid: process.pid, event: 'failed', procedure: 'hosts.trust', detail: 'sudo: [removed]' });
    expect(entry['error']).toMatch(/^Error: outer \[removed\]\n\s+at [\s\S]*caused by TypeError: password=\[removed\]/);
    expect([statSync(place).mode & 0o777, statSync(join(place, 'console.log')).mode & 0o777]).toEqual([0o700, 0o600]);
  });

  test('keeps every line of a process that is killed right after it', () => {
    const script = `import { openLog } from ${JSON.stringify(moduleUrl)};
      const log = openLog({ dir: ${JSON.stringify(dir)}, from: 'cli', nowMs: Date.now });
      for (let n = 1; n <= 500; n += 1) log.write('step', { n });
      process.kill(process.pid, 'SIGKILL');`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(ended.signal).toBe('SIGKILL');
    expect(readLastLines(dir, 1000).map((line) => (JSON.parse(line) as { n: number }).n)).toEqual(Array.from({ length: 500 }, (_, n) => n + 1));
  });

  test('has the crash of a process, which ends as it would have', () => {
    const script = `import { logCrashes, openLog } from ${JSON.stringify(moduleUrl)};
      logCrashes(openLog({ dir: ${JSON.stringify(dir)}, from: 'backend', nowMs: Date.now }));
      void Promise.reject(new Error('nobody waits for this'));`;
    const ended = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
    expect(ended.status).toBe(1);
    expect(readLastLines(dir, 10).join()).toMatch(/"event":"crashed","origin":"unhandledRejection".*nobody waits for this/);
  });

  test('turns over at a megabyte and keeps two former files, the newest lines first in reach', () => {
    const log = at(dir);
    const filler = 'x y '.repeat(25_000);
    for (let n = 0; n < 45; n += 1) log.write('step', { n, filler });
    expect(readdirSync(dir).toSorted()).toEqual(['console.log', 'console.log.1', 'console.log.2']);
    for (const name of readdirSync(dir)) expect(statSync(join(dir, name)).size).toBeLessThanOrEqual(1024 * 1024);
    expect(readLastLines(dir, 12).map((line) => (JSON.parse(line) as { n: number }).n)).toEqual([33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44]);
  });

  test('that cannot be written ends nothing, and is said once', () => {
    writeFileSync(join(dir, 'file'), '');
    const said = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const log = at(join(dir, 'file', 'log'));
    log.write('one');
    log.write('two');
    expect(said.mock.calls).toEqual([[expect.stringContaining('cannot be written')]]);
    said.mockRestore();
    expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('');
  });

  test('that was never written has no lines', () => {
    expect(readLastLines(join(dir, 'none'), 5)).toEqual([]);
  });
});
