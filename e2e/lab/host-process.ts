import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { makeCgroup } from './cgroup.ts';
import { DROPPED_CAPABILITIES } from './host-exec.ts';
import { labSourceDir } from './paths.ts';

/** Why a host's PID 1 ended: reboot(2) in a PID namespace ends its init with SIGHUP for a reboot and SIGINT for power-off. */
export type HostExit = 'reboot' | 'power-off' | 'killed';

export type HostProcess = {
  /** The host's PID 1, as this machine numbers it. */
  readonly initPid: number;
  readonly exited: Promise<HostExit>;
};

export type BootInput = {
  readonly name: string;
  readonly netns: string;
  readonly treePath: string;
  readonly layerPath?: string;
  readonly hostDir: string;
  readonly cgroupDir: string;
};

/**
 * Starts PID 1 of a host: joins its cgroup and its network namespace, unshares the others, and becomes systemd (boot-host.sh).
 * Should this Node process die, however it dies, the kernel ends the host too: `pdeathsig` for the outer process, `kill-child`
 * for PID 1, and with that all in its PID namespace.
 */
export async function startHostProcess(input: BootInput): Promise<HostProcess> {
  const outerCgroup = join(input.cgroupDir, 'outer');
  const innerCgroup = join(input.cgroupDir, 'host');
  makeCgroup(outerCgroup);
  makeCgroup(innerCgroup);
  const bootScript = join(labSourceDir, 'boot-host.sh');
  const inner = 'echo 0 >"$1/cgroup.procs"; shift; exec unshare --cgroup sh "$@"';
  const outer = 'echo 0 >"$1/cgroup.procs"; shift; exec setpriv --pdeathsig KILL nsenter "$@"';
  const unshare = ['unshare', '--pid', '--mount', '--uts', '--ipc', '--fork', '--kill-child=SIGKILL'];
  const trees = input.layerPath === undefined ? input.treePath : `${input.layerPath}:${input.treePath}`;
  const boot = [bootScript, input.name, trees, input.hostDir, DROPPED_CAPABILITIES];
  const args = ['-c', outer, 'sh', outerCgroup, `--net=/run/netns/${input.netns}`, ...unshare, 'sh', '-c', inner, 'sh', innerCgroup, ...boot];
  const consoleLog = openSync(join(input.hostDir, 'console.log'), 'a');
  // A group of its own: Ctrl-C in the terminal is for the lab to handle, not for its hosts.
  const child = spawn('sh', args, { stdio: ['ignore', consoleLog, consoleLog], detached: true });
  closeSync(consoleLog);
  const exited = whenExited(child);
  return { initPid: await findInit(child, input), exited };
}

function whenExited(child: ChildProcess): Promise<HostExit> {
  return new Promise((resolve) => {
    child.on('error', () => resolve('killed'));
    child.on('exit', (code, signal) => {
      if (signal === 'SIGHUP' || code === 129) resolve('reboot');
      else if (signal === 'SIGINT' || code === 130) resolve('power-off');
      else resolve('killed');
    });
  });
}

async function findInit(child: ChildProcess, input: BootInput): Promise<number> {
  const deadlineMs = Date.now() + 60_000;
  while (Date.now() < deadlineMs && child.exitCode === null && child.signalCode === null) {
    const initPid = findOnlyChild(child.pid ?? 0);
    if (initPid !== undefined && readCommandName(initPid) === 'systemd') return initPid;
    await delay(10);
  }
  throw new Error(`${input.name} does not start: ${readFileSync(join(input.hostDir, 'console.log'), 'utf8').slice(-2000)}`);
}

function findOnlyChild(pid: number): number | undefined {
  const path = `/proc/${pid}/task/${pid}/children`;
  const first = existsSync(path) ? readFileSync(path, 'utf8').split(' ')[0] : '';
  return first === undefined || first === '' ? undefined : Number(first);
}

function readCommandName(pid: number): string {
  const path = `/proc/${pid}/comm`;
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
}
