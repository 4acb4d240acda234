import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { labStateDir } from './paths.ts';

/**
 * Takes a lock that all labs of this machine share; returns how to release it. Held by a flock(1) whose input is ours:
 * however this process ends, the kernel closes the pipe and the lock is free.
 */
export async function takeLock(name: 'labs' | 'tree'): Promise<() => void> {
  mkdirSync(labStateDir, { recursive: true });
  const args = [join(labStateDir, `.${name}-lock`), 'sh', '-c', 'echo; exec cat >/dev/null'];
  const holder = spawn('flock', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    holder.on('error', reject);
    holder.stdout.once('data', () => resolve());
    holder.once('exit', () => reject(new Error(`cannot take the lock ${name} in ${labStateDir}`)));
  });
  return () => {
    holder.stdin.end();
  };
}
