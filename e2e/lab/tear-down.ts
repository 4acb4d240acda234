import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { killCgroup, labCgroupDir, removeCgroup, sleepNow } from './cgroup.ts';
import { labsDir } from './paths.ts';
import type { LabNames } from './plan.ts';
import { mustRunNow } from './run-command.ts';

/**
 * Ends every process of a lab and removes all that it made: namespaces, interface, cgroups, files. Works from names alone, so
 * that it can also remove what another process left; runs to its end synchronously, so that exit handlers can call it; safe
 * to call twice.
 */
export function tearDown(names: LabNames): void {
  const cgroup = labCgroupDir(names);
  killCgroup(cgroup);
  removeCgroup(cgroup);
  for (const netns of listNetns(names)) mustRunNow(['ip', 'netns', 'del', netns]);
  removeInterface(names.prefix);
  const labDir = join(labsDir, String(names.slot));
  waitForDisksReleased(labDir);
  rmSync(labDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
}

/** It may go by itself meanwhile: the kernel takes it along when the namespace of its other end goes, some time after that was deleted. */
function removeInterface(name: string): void {
  const isThere = () => existsSync(`/sys/class/net/${name}`);
  if (!isThere()) return;
  try {
    mustRunNow(['ip', 'link', 'del', name]);
  } catch (error) {
    if (isThere()) throw error;
  }
}

/** A host's mounts go with its last process, but a moment later; its disk must not be used again before that. */
export const isDiskHeld = (dir: string): boolean => listLoopFiles().some((path) => path.startsWith(`${dir}/`));

function waitForDisksReleased(dir: string): void {
  const deadlineMs = Date.now() + 60_000;
  while (isDiskHeld(dir)) {
    if (Date.now() > deadlineMs) throw new Error(`a loop device still holds a disk below ${dir}`);
    sleepNow(10);
  }
}

function listLoopFiles(): readonly string[] {
  return readdirSync('/sys/block')
    .map((name) => `/sys/block/${name}/loop/backing_file`)
    .filter((path) => existsSync(path))
    .map(readLoopFile);
}

function readLoopFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return ''; // released since it was listed
  }
}

function listNetns(names: LabNames): readonly string[] {
  if (!existsSync('/run/netns')) return [];
  return readdirSync('/run/netns').filter((name) => name === names.prefix || name.startsWith(`${names.prefix}-`));
}
