import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The version of the agent that this console installs; null where it comes without one. */
export function readAgentVersion(agentDir: string): string | null {
  const path = join(agentDir, 'VERSION');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : null;
}

/** Whether agent version `a` is older than `b`: three numbers between dots, as agent/lib/install.sh compares them. Pure. */
export function isOlderVersion(a: string, b: string): boolean {
  const numbersOf = (version: string) => version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbersOf(a), numbersOf(b)];
  for (let n = 0; n < 3; n += 1) {
    const difference = (left[n] ?? 0) - (right[n] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
