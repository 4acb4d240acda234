import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The folder of this file: recipe, roles and boot script lie beside it. */
export const labSourceDir = import.meta.dirname;

/** Where trees, packages and running labs are kept: outside the repository, reused. */
export const labStateDir = process.env.FIREBREAK_LAB_DIR ?? '/var/lib/firebreak-lab';

export const labsDir = join(labStateDir, 'labs');
export const treesDir = join(labStateDir, 'trees');

/** The mount point of cgroup version 2 on this machine; hybrid machines have it at `/sys/fs/cgroup/unified`. */
export function getCgroup2Dir(): string {
  for (const line of readFileSync('/proc/self/mounts', 'utf8').split('\n')) {
    const [, mountPoint, type] = line.split(' ');
    if (type === 'cgroup2' && mountPoint !== undefined) return mountPoint;
  }
  throw new Error('this machine has no cgroup2 mount, which the lab needs for systemd in its hosts');
}
