import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { takeLock } from './lock.ts';
import { labsDir } from './paths.ts';
import { planNames, SLOT_COUNT } from './plan.ts';
import type { LabNames } from './plan.ts';
import { mustRunNow } from './run-command.ts';
import { tearDown } from './tear-down.ts';

type Owner = { readonly pid: number; readonly startTicks: string };

/** Sweeps away what dead processes left, then takes the first slot whose names and addresses are free on this machine. */
export async function claimSlot(log: (line: string) => void): Promise<LabNames> {
  mkdirSync(labsDir, { recursive: true });
  const unlock = await takeLock('labs');
  try {
    sweepDeadLabs(log);
    const routes = mustRunNow(['ip', '-4', 'route', 'show', 'table', 'all']) + mustRunNow(['ip', '-6', 'route', 'show', 'table', 'all']);
    for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
      const names = planNames(slot);
      if (isFree(names, routes)) {
        takeSlot(slot);
        return names;
      }
    }
    throw new Error(`all ${SLOT_COUNT} slots for labs are taken on this machine`);
  } finally {
    unlock();
  }
}

/** Removes all that is left of labs whose process has died; returns how many. Labs that live are left alone. */
export async function sweep(log: (line: string) => void): Promise<number> {
  mkdirSync(labsDir, { recursive: true });
  const unlock = await takeLock('labs');
  try {
    return sweepDeadLabs(log);
  } finally {
    unlock();
  }
}

function sweepDeadLabs(log: (line: string) => void): number {
  const dead = readdirSync(labsDir).filter((name) => /^\d+$/.test(name) && !ownerLives(Number(name)));
  for (const slot of dead) {
    log(`removing what a dead process left of lab ${slot}`);
    tearDown(planNames(Number(slot)));
  }
  return dead.length;
}

function isFree(names: LabNames, routes: string): boolean {
  const subnets = [names.subnetIpv4, names.subnetIpv6].map((subnet) => subnet.replace(/\/\d+$/, '').replace(/(\.0|::)$/, ''));
  const clash = subnets.some((subnet) => new RegExp(`(^|\\s)${subnet.replaceAll('.', '\\.')}[.:/]`, 'm').test(routes));
  const taken = [join(labsDir, String(names.slot)), `/sys/class/net/${names.prefix}`, `/run/netns/${names.prefix}`];
  return !clash && !taken.some((path) => existsSync(path));
}

/** The folder appears with its owner in it, so that no other lab ever sees one without. */
function takeSlot(slot: number): void {
  const fresh = join(labsDir, `.claim-${process.pid}`);
  mkdirSync(fresh, { mode: 0o755 });
  const owner: Owner = { pid: process.pid, startTicks: readStartTicks(process.pid) ?? '' };
  writeFileSync(join(fresh, 'owner.json'), JSON.stringify(owner));
  renameSync(fresh, join(labsDir, String(slot)));
}

function ownerLives(slot: number): boolean {
  const owner = readOwner(join(labsDir, String(slot), 'owner.json'));
  return owner !== undefined && readStartTicks(owner.pid) === owner.startTicks;
}

function readOwner(path: string): Owner | undefined {
  if (!existsSync(path)) return undefined;
  const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('startTicks' in value)) return undefined;
  const { pid, startTicks } = value;
  return typeof pid === 'number' && typeof startTicks === 'string' ? { pid, startTicks } : undefined;
}

/**
 * A process id alone may be reused; with the start time (field 22 of proc(5)'s stat) it names one process for good.
 * Undefined for a process that has ended, though it may still be there as a zombie.
 */
function readStartTicks(pid: number): string | undefined {
  const path = `/proc/${pid}/stat`;
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}
