import { readdirSync, readFileSync } from 'node:fs';

/** What a process and everything that it started hold now, in MB; pages that several of them share count once in all (Pss, proc_pid_smaps_rollup(5)). */
export function treeMemoryMb(rootPid: number): number {
  const children = Map.groupBy(listProcesses(), ({ parent }) => parent);
  const sumOf = (pid: number): number => pssMb(pid) + (children.get(pid) ?? []).reduce((sum, child) => sum + sumOf(child.pid), 0);
  return sumOf(rootPid);
}

function listProcesses(): { pid: number; parent: number }[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    // The program's name stands in parentheses and may hold anything; the parent is the second word after them.
    const parent = /^.*\) \S (\d+)/s.exec(readOrEmpty(`/proc/${name}/stat`))?.[1];
    return parent === undefined ? [] : [{ pid: Number(name), parent: Number(parent) }];
  });
}

const pssMb = (pid: number): number => Number(/^Pss: +(\d+) kB/m.exec(readOrEmpty(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0) / 1024;

/** A process that has ended meanwhile holds nothing. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
