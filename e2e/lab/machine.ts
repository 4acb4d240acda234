import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { mustRun } from './run-command.ts';

/** Program → the Debian package that has it: what the lab needs on the machine that carries it. */
const NEEDED: Readonly<Record<string, string>> = {
  debootstrap: 'debootstrap',
  ip: 'iproute2',
  nft: 'nftables',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  flock: 'util-linux',
  pivot_root: 'util-linux',
  'mkfs.ext4': 'e2fsprogs',
  'ssh-keygen': 'openssh-client',
  hostname: 'hostname',
};

/** Why no lab can run here; empty when one can. Tests of the ring `lab` skip themselves with these words. */
export function listMachineObstacles(): readonly string[] {
  if (process.platform !== 'linux') return [`the lab needs Linux, this is ${process.platform}`];
  const obstacles: string[] = [];
  if (process.getuid?.() !== 0) obstacles.push('the lab needs root: it makes namespaces, mounts and bridges');
  if (!existsSync('/etc/debian_version') && listMissing().length > 0) {
    obstacles.push(`missing programs: ${listMissing().join(', ')}`);
  }
  return obstacles;
}

/** Installs, with apt, the Debian packages that the lab needs and this machine lacks. Does nothing when all are there. */
export async function ensureMachine(log: (line: string) => void): Promise<void> {
  const obstacles = listMachineObstacles();
  if (obstacles.length > 0) throw new Error(obstacles.join('; '));
  const packages = [...new Set(listMissing().map((program) => NEEDED[program] ?? program))];
  if (packages.length === 0) return;
  log(`installing on this machine: ${packages.join(' ')}`);
  await mustRun(['apt-get', '-qq', 'update'], { timeoutMs: 300_000 });
  const install = ['apt-get', '-qq', '-y', '--no-install-recommends', 'install', ...packages];
  await mustRun(['env', 'DEBIAN_FRONTEND=noninteractive', ...install], { timeoutMs: 600_000 });
}

function listMissing(): string[] {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return Object.keys(NEEDED).filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}
