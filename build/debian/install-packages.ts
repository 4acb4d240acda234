import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { debianPackages, hasProgram, isDebian, isRoot, type Program } from './programs.ts';

type Log = (line: string) => void;
const policyFile = '/usr/sbin/policy-rc.d';
/** Program → the units that its package turns on for the next start of the machine, though tests start the program themselves. */
const enabledByDebian: Partial<Record<Program, readonly string[]>> = { sshd: ['ssh.service', 'ssh.socket'], rsyslogd: ['rsyslog.service'] };

function aptGet(args: readonly string[], log: Log): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  const result = spawnSync('apt-get', ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  if (result.status === 0) return true;
  log(`apt-get ${args[0]} failed: ${`${result.stderr}`.trim().split('\n').slice(-3).join(' | ')}`);
  return false;
}

/** While `install` runs, dpkg starts no service (Debian policy 9.3.3: policy-rc.d with 101). An existing file is left alone. */
function withoutStartingServices(install: () => void): void {
  const ours = !existsSync(policyFile);
  if (ours) writeFileSync(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    install();
  } finally {
    if (ours) rmSync(policyFile, { force: true });
  }
}

/**
 * Installs what is missing of `programs`, when we are root on Debian or Ubuntu; otherwise does nothing. Never throws: whoever
 * needs a program looks afterwards whether it is there. Starts no service, and leaves the machine's sshd and rsyslog disabled if they came with this.
 */
export function installMissingPrograms(programs: readonly Program[], log: Log): void {
  const missing = programs.filter((program) => !hasProgram(program));
  if (missing.length === 0 || !isRoot() || !isDebian()) return;
  const packages = [...new Set(missing.map((program) => debianPackages[program]))];
  log(`installing Debian packages: ${packages.join(' ')}`);
  withoutStartingServices(() => {
    if (!aptGet(['update'], log)) log('going on with the package lists that are here');
    if (aptGet(['--no-install-recommends', 'install', ...packages], log)) return;
    // One that cannot be had must not keep the others away.
    for (const name of packages) aptGet(['--no-install-recommends', 'install', name], log);
  });
  for (const [program, units] of Object.entries(enabledByDebian)) {
    if (missing.some((name) => name === program) && hasProgram(program) && hasProgram('systemctl')) spawnSync('systemctl', ['disable', ...units], { stdio: 'ignore' });
  }
  const still = missing.filter((program) => !hasProgram(program));
  log(still.length === 0 ? 'packages are in place' : `still missing: ${still.join(', ')}`);
}
