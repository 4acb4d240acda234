import type { FreshConnection, SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';

const TIMEOUT_MS = 20_000;
/** sshd's SSH_CONNECTION (client, port, server, port), and machine-id(5) where there is one. */
const SAID = /^(\S+) \d+ \S+ \d+\n(?:([0-9a-f]{32})\n)?/;

/** `clientAddress`: from where the host sees this console. `machineId`: empty where the machine has none. */
export type Meeting = { readonly clientAddress: string; readonly machineId: string };

/** `freshConnection` as for the agent's commands; `timeoutMs` 20 s unless given. */
export type MeetingCall = { readonly freshConnection?: FreshConnection; readonly timeoutMs?: number };

/**
 * Who answers, and how it sees us; null where its login shell does not say. Needs no root and no agent, whose `facts` say both, too, and take a hundred times as long.
 * Errors: those of SshPool.run.
 */
export async function meetHost(pool: SshPool, target: ResolvedTarget, { freshConnection = false, timeoutMs = TIMEOUT_MS }: MeetingCall = {}): Promise<Meeting | null> {
  const { stdout } = await pool.run(
    target,
    { argv: ['printf', '%s\\n'], rawSuffix: '"$SSH_CONNECTION"; cat /etc/machine-id', sudo: false, timeoutMs, maxOutputBytes: 4096, doing: 'asking who answers there' },
    { freshConnection },
  );
  const [said, clientAddress, machineId = ''] = SAID.exec(stdout) ?? [];
  return said === undefined || clientAddress === undefined ? null : { clientAddress, machineId };
}
