import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './parts.ts';

/**
 * Begins to make what the hosts of this part of the lab ring boot from, with what the other rings leave of the machine. Its words are in out/test-reports/trees.log. Returns how to end it: what it has not made, or
 * made half, the lab ring makes.
 */
export function prepareLab(root: string, part: Part): () => void {
  const reports = join(root, 'out', 'test-reports');
  mkdirSync(reports, { recursive: true });
  const log = openSync(join(reports, 'trees.log'), 'a');
  const child = spawn('nice', ['-n', '19', process.execPath, 'e2e/lab/prepare-trees.ts', part], { cwd: root, stdio: ['ignore', log, log], detached: true });
  closeSync(log);
  let isThere = true;
  const gone = () => (isThere = false);
  child.on('error', gone).on('close', gone);
  child.unref();
  return () => {
    // The group: apt and what it starts, too.
    if (isThere && child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
  };
}
