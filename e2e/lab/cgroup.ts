import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getCgroup2Dir } from './paths.ts';
import type { HostPlan, LabNames } from './plan.ts';

/** All processes of a host, and only those, are in its cgroup: what the lab ends, it ends by this. */
export function hostCgroupDir(names: LabNames, host: HostPlan): string {
  return join(labCgroupDir(names), host.name);
}

export function labCgroupDir(names: LabNames): string {
  return join(getCgroup2Dir(), names.prefix);
}

export function makeCgroup(dir: string): void {
  mkdirSync(dir, { recursive: true });
}

/** SIGKILL to every process below, at once and atomically (cgroup.kill, kernel 5.14). They are gone when `hasProcesses` says so. */
export function sendKill(dir: string): void {
  if (existsSync(dir)) writeFileSync(join(dir, 'cgroup.kill'), '1');
}

export const hasProcesses = (dir: string): boolean => existsSync(dir) && readFileSync(join(dir, 'cgroup.events'), 'utf8').includes('populated 1');

/** Kills and blocks until none is left: for exit handlers. */
export function killCgroup(dir: string): void {
  sendKill(dir);
  const deadlineMs = Date.now() + 60_000;
  while (hasProcesses(dir)) {
    if (Date.now() > deadlineMs) throw new Error(`processes in ${dir} do not die`);
    sleepNow(10);
  }
}

/** Removes a cgroup without processes and all below it. */
export function removeCgroup(dir: string): void {
  if (!existsSync(dir)) return;
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) removeCgroup(join(dir, entry.name));
  }
  rmdirSync(dir);
}

export function freezeCgroup(dir: string): void {
  writeFileSync(join(dir, 'cgroup.freeze'), '1');
}

/** Blocks this thread: clean-up runs in exit handlers, where nothing asynchronous does. */
export function sleepNow(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
