import { spawnSync } from 'node:child_process';
import { installMissingPrograms } from '../../build/debian/install-packages.ts';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Runs kernel and lab tests at the size that their issue asks for, with this Node and the ring's own configuration; ends the process with its code. */
export function runLong(testFiles: string | readonly string[], sizes: Readonly<Record<string, string>>): void {
  installMissingPrograms(['nft', 'ip', 'unshare', 'dash', 'bash', 'busybox', 'python3', 'ssh-keygen', 'debootstrap', 'iptables-legacy-restore', 'ipset'], (line) => console.error(`set-up: ${line}`));
  const vitest = `${ROOT}node_modules/vitest/vitest.mjs`;
  const argv = [vitest, 'run', '--config', 'build/vitest.config.ts', '--project', 'kernel', '--project', 'lab', '--testTimeout', '3600000', ...[testFiles].flat()];
  const done = spawnSync(process.execPath, argv, { cwd: ROOT, stdio: 'inherit', env: { ...sizes, ...process.env } });
  process.exitCode = done.status ?? 1;
}
