import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-lock-'));
  mkdirSync(join(dir, 'run/firebreak'), { recursive: true });
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe.each(SHELLS)('the lock under %s %s', (...words) => {
  const lockWhile = (holder: string): string => {
    // A blocked waiter shows as `-> FLOCK … DEVICE:INODE` in /proc/locks.
    const script = `
      mkfifo ${dir}/taken
      ( flock 8; inode=$(stat -c %i "$lock_path"); echo >${dir}/taken
        until grep -q -e "-> FLOCK.*:$inode " /proc/locks; do :; done
        ${holder} ) 8>>"$lock_path" &
      read -r _ <${dir}/taken
      lock_try 20 && echo held || echo refused
      wait
      rm ${dir}/taken`;
    return runFunctions(words.filter((word) => word !== undefined), dir, ['lock'], script);
  };

  test('is had by who waited for it', () => {
    expect(lockWhile(':')).toBe('held\n');
  });

  test('that cannot be opened is not had, and the shell goes on', () => {
    expect(runFunctions(words.filter((word) => word !== undefined), dir, ['lock'], 'lock_path=$lock_path/none/lock; lock_try 1 && echo held || echo refused; echo goes on')).toBe('refused\ngoes on\n');
  });

  test('is not had by who waited while an uninstall took it away', () => {
    expect(lockWhile('rm -f "$lock_path"')).toBe('refused\n');
  });
});
