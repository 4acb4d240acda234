import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';

const TIMEOUT_MS = 20_000;
const SAID = /^(\S+) \d+ \S+ \d+\n$/;

/**
 * The address from which this console comes, as the host sees it (sshd's SSH_CONNECTION: client, port, server, port); null where its login shell does not say. Needs no root and no
 * agent, whose `facts` say it too and take a hundred times as long. Errors: those of SshPool.run.
 */
export async function askSeenFrom(pool: SshPool, target: ResolvedTarget): Promise<string | null> {
  const { exitCode, stdout } = await pool.run(target, {
    argv: ['printf', '%s\\n'],
    rawSuffix: '"$SSH_CONNECTION"',
    sudo: false,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 4096,
    doing: 'asking where this console comes from',
  });
  return exitCode === 0 ? (SAID.exec(stdout)?.[1] ?? null) : null;
}
