import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOG_FILE } from './open-log.ts';

/** The newest lines, oldest first; none where nothing was ever logged. */
export function readLastLines(dir: string, count: number): string[] {
  const files = [`${LOG_FILE}.1`, LOG_FILE].map((name) => join(dir, name)).filter((path) => existsSync(path));
  return files
    .flatMap((path) => readFileSync(path, 'utf8').split('\n'))
    .filter((line) => line !== '')
    .slice(-count);
}
