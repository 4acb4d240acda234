import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LabHost } from './host.ts';

/** What a host costs this machine: the proportional set sizes of all its processes, pages shared between hosts divided fairly. */
export function readHostMemoryBytes(host: LabHost): number {
  return listPids(host.cgroupDir).reduce((sum, pid) => sum + readPssBytes(pid), 0);
}

function listPids(cgroup: string): readonly string[] {
  const own = readFileSync(join(cgroup, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean);
  const folders = readdirSync(cgroup, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...own, ...folders.flatMap((entry) => listPids(join(cgroup, entry.name)))];
}

function readPssBytes(pid: string): number {
  const path = `/proc/${pid}/smaps_rollup`;
  const kilobytes = existsSync(path) ? /^Pss:\s+(\d+) kB/m.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  return Number(kilobytes ?? 0) * 1024;
}
