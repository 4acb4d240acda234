import { spawnSync } from 'node:child_process';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Runs one kernel test at the size that its issue asks for, with this Node and the ring's own configuration; ends the process with its code. */
export function runLong(testFile: string, sizes: Readonly<Record<string, string>>): void {
  const vitest = `${ROOT}node_modules/vitest/vitest.mjs`;
  const argv = [vitest, 'run', '--config', 'build/vitest.config.ts', '--project', 'kernel', '--testTimeout', '3600000', testFile];
  const done = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env: { ...sizes, ...process.env } });
  process.exitCode = done.status ?? 1;
}
