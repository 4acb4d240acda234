import { spawnSync } from 'node:child_process';
import { closeSync, copyFileSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ErrorCode, FirebreakError } from '../../shared/errors.ts';
import { createWorkspace } from './create-workspace.ts';
import { openWorkspace } from './open-workspace.ts';
import { throwAsWorkspaceError } from './sqlite-errors.ts';
import { makeFolder } from './testing/temporary-workspace.ts';

let at: { folder: string; remove(): void };
let path: string;
beforeEach(() => {
  at = makeFolder();
  path = join(at.folder, 'test.firebreak');
});
afterEach(() => at.remove());

function codeOf(work: () => unknown): ErrorCode | 'no error' {
  try {
    work();
    return 'no error';
  } catch (error) {
    if (error instanceof FirebreakError) return error.code;
    throw error;
  }
}

/** Opening must fail with the code and leave every byte as it was. */
function expectRefused(code: ErrorCode): void {
  const before = readFileSync(path);
  expect(codeOf(() => openWorkspace(path))).toBe(code);
  expect(readFileSync(path).equals(before)).toBe(true);
}

function overwrite(offset: number, bytes: Uint8Array): void {
  const file = openSync(path, 'r+');
  writeSync(file, bytes, 0, bytes.length, offset);
  closeSync(file);
}

describe('creating a workspace', () => {
  test('makes a file that only its owner can read, and leaves nothing else', () => {
    createWorkspace(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(at.folder)).toEqual(['test.firebreak']);
  });

  test('never overwrites a file, whatever it holds', () => {
    writeFileSync(path, 'my notes');
    expect(codeOf(() => createWorkspace(path))).toBe('WORKSPACE_EXISTS');
    expect(readFileSync(path, 'utf8')).toBe('my notes');
  });

  test('names the missing folder', () => {
    expect(codeOf(() => createWorkspace(join(at.folder, 'nowhere', 'x.firebreak')))).toBe('FILE_NOT_WRITABLE');
  });
});

describe('opening a workspace', () => {
  test('works after creating, and writes survive closing', () => {
    createWorkspace(path);
    const first = openWorkspace(path);
    first.transaction((tx) => tx.run("INSERT INTO settings VALUES ('k', '1')"));
    first.close();
    const second = openWorkspace(path);
    expect(second.read.all('SELECT * FROM settings')).toEqual([{ key: 'k', value_json: '1' }]);
    second.close();
  });

  test('says that there is none, and makes none', () => {
    expect(codeOf(() => openWorkspace(path))).toBe('WORKSPACE_NOT_FOUND');
    expect(existsSync(path)).toBe(false);
  });

  test.each([
    ['an empty file', ''],
    ['a text file', 'hosts:\n  - web-1\n'.repeat(500)],
    ['the first half of an SQLite header', 'SQLite f'],
  ])('refuses %s as no database', (_what, content) => {
    writeFileSync(path, content);
    expectRefused('WORKSPACE_NOT_A_DATABASE');
  });

  test('refuses a folder as no database', () => {
    mkdirSync(path);
    expect(codeOf(() => openWorkspace(path))).toBe('WORKSPACE_NOT_A_DATABASE');
  });

  test('refuses another program’s SQLite database', () => {
    const other = new Database(path);
    other.exec('CREATE TABLE bookmarks (url TEXT)');
    other.close();
    expectRefused('WORKSPACE_NOT_A_DATABASE');
  });

  test('refuses a file of a newer Firebreak', () => {
    createWorkspace(path);
    const newer = new Database(path);
    newer.pragma('user_version = 999');
    newer.close();
    expectRefused('WORKSPACE_FROM_NEWER_VERSION');
  });

  test.each([4096, 40_960, 100_000])('says that a file cut to %d bytes is damaged', (sizeBytes) => {
    createWorkspace(path);
    truncateSync(path, sizeBytes);
    expectRefused('WORKSPACE_DAMAGED');
  });

  test('says that a file with overwritten pages is damaged', () => {
    createWorkspace(path);
    overwrite(8192, Buffer.alloc(40_960, 0x5a));
    expectRefused('WORKSPACE_DAMAGED');
  });

  test('says that a zeroed header is no database', () => {
    createWorkspace(path);
    overwrite(0, Buffer.alloc(100));
    expectRefused('WORKSPACE_NOT_A_DATABASE');
  });

  test('a thousand flipped bytes give a code or a usable workspace, never another error', () => {
    createWorkspace(path);
    const original = join(at.folder, 'original');
    copyFileSync(path, original);
    const sizeBytes = statSync(path).size;
    const codes = new Set<string>();
    for (let n = 0; n < 250; n += 1) {
      copyFileSync(original, path);
      for (let k = 0; k < 4; k += 1) overwrite((n * 7919 + k * 104_729) % sizeBytes, Buffer.from([(n * 31 + k) % 256]));
      codes.add(codeOf(() => openWorkspace(path).close()));
    }
    expect([...codes].filter((code) => !['no error', 'WORKSPACE_DAMAGED', 'WORKSPACE_NOT_A_DATABASE', 'WORKSPACE_FROM_NEWER_VERSION'].includes(code))).toEqual(
      [],
    );
  });

  test('a lost -wal file leaves the state of the last checkpoint', () => {
    createWorkspace(path);
    const workspace = openWorkspace(path);
    workspace.transaction((tx) => tx.run("INSERT INTO settings VALUES ('k', '1')"));
    const copy = join(at.folder, 'copy.firebreak');
    copyFileSync(path, copy);
    workspace.close();
    const reopened = openWorkspace(copy);
    expect(reopened.read.all('SELECT * FROM settings')).toEqual([]);
    reopened.close();
  });
});

describe('a folder that cannot be written', () => {
  const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  const script = `
    const { openWorkspace } = await import(${JSON.stringify(new URL('./open-workspace.ts', import.meta.url).href)});
    const { createWorkspace } = await import(${JSON.stringify(new URL('./create-workspace.ts', import.meta.url).href)});
    const say = (work) => { try { work(); console.log('no error'); } catch (error) { console.log(error.code); } };
    say(() => openWorkspace(process.argv[1]));
    say(() => createWorkspace(process.argv[1] + '2'));
    process.exit(0);`;

  test.skipIf(!canMount)('is named, for opening and for creating (a read-only mount, which stops root too)', () => {
    createWorkspace(path);
    const shell = 'mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && exec "$2" --input-type=module -e "$3" "$4"';
    const run = spawnSync('unshare', ['-m', 'sh', '-c', shell, 'sh', at.folder, process.execPath, script, path], { encoding: 'utf8' });
    expect(run.stdout.trim().split('\n')).toEqual(['WORKSPACE_READ_ONLY', 'WORKSPACE_READ_ONLY']);
    expect(readdirSync(at.folder)).toEqual(['test.firebreak']);
  });
});

describe('a full disk', () => {
  test.each([['SQLITE_FULL'], ['ENOSPC'], ['EDQUOT']])('%s is DISK_FULL', (code) => {
    expect(codeOf(() => throwAsWorkspaceError(Object.assign(new Error('full'), { code }), path))).toBe('DISK_FULL');
  });

  const canMount = process.getuid?.() === 0 && spawnSync('unshare', ['-m', 'true']).status === 0;
  const script = `
    const { openWorkspace } = await import(${JSON.stringify(new URL('./open-workspace.ts', import.meta.url).href)});
    const { createWorkspace } = await import(${JSON.stringify(new URL('./create-workspace.ts', import.meta.url).href)});
    createWorkspace(process.argv[1]);
    const workspace = openWorkspace(process.argv[1]);
    let stored = 0;
    try {
      for (;;) { workspace.transaction((tx) => tx.run('INSERT INTO settings VALUES (?, ?)', [String(stored), 'x'.repeat(20_000)])); stored += 1; }
    } catch (error) { console.log(error.code); }
    console.log(workspace.read.one('SELECT count(*) AS n FROM settings').n === stored);
    process.exit(0);`;

  test.skipIf(!canMount)('keeps what was stored before (a real full tmpfs)', () => {
    const shell = 'mount -t tmpfs -o size=1m none "$1" && exec "$2" --input-type=module -e "$3" "$4"';
    const run = spawnSync('unshare', ['-m', 'sh', '-c', shell, 'sh', at.folder, process.execPath, script, path], { encoding: 'utf8' });
    expect(run.stdout.trim().split('\n')).toEqual(['DISK_FULL', 'true']);
  });
});
