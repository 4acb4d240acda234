import { rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCgroup } from './cgroup.ts';
import { runCommand } from './run-command.ts';
import type { CommandOptions, CommandResult } from './run-command.ts';

/** A string is for `sh -c`; a list is a program and its arguments, taken literally. */
export type Command = string | readonly string[];

export type ExecOptions = Pick<CommandOptions, 'stdin' | 'timeoutMs'> & {
  /** Default root. */
  readonly user?: string;
};

/**
 * nsenter brings this machine's own capabilities along. These act on the machine and not on a host (its clock, its modules, its
 * kernel log): neither a host's systemd nor a command run in it gets them.
 */
export const DROPPED_CAPABILITIES = '-sys_time,-sys_module,-sys_rawio,-syslog,-mac_admin,-mac_override,-wake_alarm';

const DROP = ['setpriv', `--bounding-set=${DROPPED_CAPABILITIES}`];
const HOST_ENV = ['env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8', 'HOME=/root', 'TERM=dumb'];
const JOIN_CGROUP = 'echo 0 >"$1/cgroup.procs" && shift && exec "$@"';

let execCount = 0;

/**
 * Enters all namespaces of a host (nsenter) and runs a command there, in a cgroup of its own below the host's, by which it is
 * ended when its time is up: with all its children.
 */
export async function execInHost(
  host: { readonly initPid: number; readonly cgroupDir: string },
  command: Command,
  options: ExecOptions,
): Promise<CommandResult> {
  execCount += 1;
  const cgroup = join(host.cgroupDir, `lab-exec-${execCount}`);
  makeCgroup(cgroup);
  const argv = typeof command === 'string' ? ['sh', '-c', command] : command;
  const asUser = options.user === undefined ? [] : ['runuser', '-u', options.user, '--'];
  const enter = ['nsenter', '--target', String(host.initPid), '--mount', '--uts', '--ipc', '--net', '--pid', '--cgroup', ...DROP];
  try {
    return await runCommand(['sh', '-c', JOIN_CGROUP, 'sh', cgroup, ...enter, ...HOST_ENV, ...asUser, ...argv], {
      ...options,
      onTimeout: () => writeFileSync(join(cgroup, 'cgroup.kill'), '1'),
    });
  } finally {
    removeIfEmpty(cgroup);
  }
}

/** A command may leave a process behind on purpose; then its cgroup stays until the host goes down. */
function removeIfEmpty(cgroup: string): void {
  try {
    rmdirSync(cgroup);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EBUSY' && code !== 'ENOENT') throw error;
  }
}
