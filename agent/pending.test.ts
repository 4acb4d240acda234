import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runFunctions, SHELLS } from './testing/run-functions.ts';
import { sampleBundle } from './testing/sample-bundle.ts';

const FORMER = sampleBundle({ mode: 'enforce', policy: 1 });
const NEXT = sampleBundle({ mode: 'enforce', policy: 2, allowedPort: 6432 });

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firebreak-pending-'));
  for (const folder of ['var/lib/firebreak/pending', 'etc/firebreak', 'run/firebreak']) mkdirSync(join(dir, folder), { recursive: true });
  writeFileSync(join(dir, 'var/lib/firebreak/pending/meta'), `id=p_1\nby=ada\nbundle=${NEXT.hash}\n`);
  writeFileSync(join(dir, 'var/lib/firebreak/pending/kernel-hash'), 'abc\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe.each(SHELLS)('a push without its bundle under %s %s', (...words) => {
  const finish = (confirmed: string): string => {
    writeFileSync(join(dir, 'var/lib/firebreak/confirmed.nft'), confirmed);
    const shell = words.filter((word) => word !== undefined);
    return runFunctions(shell, dir, ['json', 'fail', 'state', 'bundle', 'failsafe', 'copies', 'event', 'pending', 'timer'], 'pending_finish_confirmed; pending_exists && echo "waits $(state_get last_event)" || echo "ended $(state_get last_event)"');
  };

  test('was confirmed when its bundle is the confirmed one: cut after the rename, the confirmation is ended', () => {
    expect(finish(NEXT.text)).toBe('ended confirmed\n');
  });

  test.each(['x', '08', '1 + y', '99999999999999999999'])('has a window that is over when its end is %s: no shell ends at it', (until) => {
    writeFileSync(join(dir, 'var/lib/firebreak/pending/meta'), `until_uptime_s=${until}\nboot_id=b\n`);
    writeFileSync(join(dir, 'var/lib/firebreak/seq'), until);
    const script = 'boot_id=b; pending_seconds_left; pending_is_lost && echo lost; find_last_seq 7; echo "$((last_seq + 1))"';
    expect(runFunctions(words.filter((word) => word !== undefined), dir, ['pending', 'spool'], script)).toBe('0\nlost\n8\n');
  });

  test('was not confirmed when the confirmed one is another: a file that is gone confirms nothing, and the timer goes on', () => {
    expect(finish(FORMER.text)).toBe('waits \n');
  });
});
