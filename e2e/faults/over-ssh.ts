import type { LabHost } from '../lab/host.ts';
import { type CommandResult, runCommand } from '../lab/run-command.ts';

/** OpenSSH's own client, so that nothing of ours stands between a case and the host. A dead path is noticed after 6 s. */
const OPTIONS = [
  // OpenSSH's first choice, sntrup761, is more than half of what a login costs, and a case makes some ten.
  'KexAlgorithms=curve25519-sha256',
  'BatchMode=yes',
  'StrictHostKeyChecking=no',
  'UserKnownHostsFile=/dev/null',
  'LogLevel=ERROR',
  'ServerAliveInterval=2',
  'ServerAliveCountMax=3',
];

export type SshOptions = { readonly stdin?: string; readonly timeoutMs?: number; readonly connectTimeoutSeconds?: number };

/** Runs a shell command on a host over a new SSH connection as root; ssh's own failures are exit 255. */
export function overSsh(host: LabHost, command: string, options: SshOptions = {}): Promise<CommandResult> {
  const { connectTimeoutSeconds = 10, ...rest } = options;
  const words = [...OPTIONS, `ConnectTimeout=${connectTimeoutSeconds}`].flatMap((option) => ['-o', option]);
  return runCommand(['ssh', ...words, '-i', host.site.sshKeyPath, `root@${host.ipv4}`, command], { timeoutMs: 120_000, ...rest });
}

/** One command of the installed agent over SSH, as the console sends it. */
export const agentOverSsh = (host: LabHost, words: string, stdin = ''): Promise<CommandResult> =>
  overSsh(host, `/usr/local/sbin/firebreak-agent ${words}`, { stdin });
