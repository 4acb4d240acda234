import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';

const TIMEOUT_MS = 20_000;
const SAID = /^(\S+) \d+ \S+ \d+\n(?:([0-9A-Za-z_-]{0,64})\n)?$/;

/** `machineId`: '' where the host has none, or does not say. */
export type SeenFrom = { readonly clientAddress: string; readonly machineId: string };

/**
 * The address from which this console comes, as the host sees it (sshd's SSH_CONNECTION: client, port, server, port); null where its login shell does not say; and which machine it is, so that no rules reach another. Needs no root and no
 * agent, whose `facts` say it too and take a hundred times as long. Errors: those of SshPool.run.
 */
export async function askSeenFrom(pool: SshPool, target: ResolvedTarget): Promise<SeenFrom | null> {
  const { exitCode, stdout } = await pool.run(target, {
    argv: ['printf', '%s\\n'],
    rawSuffix: '"$SSH_CONNECTION" "$(cat /etc/machine-id 2>/dev/null)"',
    sudo: false,
    timeoutMs: TIMEOUT_MS,
    maxOutputBytes: 4096,
    doing: 'asking where this console comes from',
  });
  const [, clientAddress, machineId = ''] = exitCode === 0 ? (SAID.exec(stdout) ?? []) : [];
  return clientAddress === undefined ? null : { clientAddress, machineId };
}
