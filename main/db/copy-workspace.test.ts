import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { overwriteWorkspace, sizeOf } from './copy-workspace.ts';
import { openWorkspace } from './open-workspace.ts';
import { makeWorkspace, type TemporaryWorkspace } from './testing/temporary-workspace.ts';

let at: TemporaryWorkspace;
beforeEach(() => {
  at = makeWorkspace();
});
afterEach(() => at.remove());

const put = (key: string, value = '1') => at.workspace.transaction((tx) => tx.run('INSERT INTO settings VALUES (?, ?)', [key, JSON.stringify(value)]));
const keysOf = (path: string): unknown[] => {
  const workspace = openWorkspace(path);
  try {
    return workspace.read.all('SELECT key FROM settings ORDER BY key');
  } finally {
    workspace.close();
  }
};

describe('copying a workspace', () => {
  test('the copy has everything, is one file of the user alone, and what is written later is not in it', async () => {
    put('before');
    const path = join(at.folder, 'copy.firebreak');
    expect(await at.workspace.copyTo(path)).toBe(statSync(path).size);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(at.folder).filter((name) => name.includes('copy'))).toEqual(['copy.firebreak']);
    put('later');
    expect(keysOf(path)).toEqual([{ key: 'before' }]);
  });

  test('it goes over no file, and into no folder that is not there', async () => {
    await expect(at.workspace.copyTo(at.path)).rejects.toMatchObject({ code: 'WORKSPACE_EXISTS' });
    const path = join(at.folder, 'nowhere', 'copy.firebreak');
    await expect(at.workspace.copyTo(path)).rejects.toMatchObject({ code: 'FILE_NOT_WRITABLE' });
    expect(existsSync(path)).toBe(false);
  });

  test('content that is exchanged is seen by whoever has the file open, which stays the same file', async () => {
    put('old');
    const path = join(at.folder, 'copy.firebreak');
    await at.workspace.copyTo(path);
    put('newer');
    const other = openWorkspace(at.path);
    const inode = statSync(at.path).ino;
    const version = other.dataVersion();
    await overwriteWorkspace(path, at.path);
    expect(other.read.all('SELECT key FROM settings ORDER BY key')).toEqual([{ key: 'old' }]);
    expect([statSync(at.path).ino, other.dataVersion() === version]).toEqual([inode, false]);
    other.transaction((tx) => tx.run("INSERT INTO settings VALUES ('after', '1')"));
    other.close();
    expect(at.workspace.read.all('SELECT key FROM settings ORDER BY key')).toEqual([{ key: 'after' }, { key: 'old' }]);
  });
});

test('compacting gives back what deleted rows left free, and says how much', () => {
  for (let n = 0; n < 200; n += 1) put(`k${n}`, 'x'.repeat(20_000));
  at.workspace.transaction((tx) => tx.run('DELETE FROM settings'));
  const { bytesBefore, bytesAfter } = at.workspace.compact();
  expect(bytesBefore).toBeGreaterThan(4_000_000);
  expect(bytesAfter).toBeLessThan(1_000_000);
  expect(sizeOf(at.path)).toBe(bytesAfter);
});
