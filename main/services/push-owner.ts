import { readFileSync } from 'node:fs';

/** The process that runs a push. `startToken` tells it from a later process with the same number. */
export type PushOwner = { pid: number; startToken: string };

export function thisProcess(): PushOwner {
  return { pid: process.pid, startToken: readStartToken(process.pid) };
}

/**
 * Whether the process still lives. A push whose owner is gone was interrupted; one whose owner lives (a window, while the
 * command line opens the same workspace) is left alone. A workspace that moved to another machine can at worst look busy
 * until that number is free there.
 */
export function isAlive(owner: PushOwner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) return false;
  }
  return readStartToken(owner.pid) === owner.startToken;
}

/** Start time in clock ticks since boot, and the boot's id (proc(5), field 22 of /proc/PID/stat); empty where there is no /proc. */
function readStartToken(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The process name, in parentheses, may itself hold spaces and parentheses.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return ''; // not Linux, or the process just ended: the number alone decides then
  }
}
