import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { AgentClient } from './agent-client.ts';
import type { AgentCall } from './agent-command.ts';

/** Whose agent answers on a host. `damaged`: something is there that does not say; installing repairs it. */
export type FoundAgent = { kind: 'none' } | { kind: 'ours'; version: string } | { kind: 'damaged' } | { kind: 'not-ours'; otherId: string };

/** Asks the host; changes nothing. Rejects when it cannot be asked. */
export async function findAgent(agents: Pick<AgentClient, 'status'>, target: ResolvedTarget, host: HostId, call: AgentCall): Promise<FoundAgent> {
  try {
    const { hostId, agentVersion } = await agents.status(target, call);
    if (hostId === null) return { kind: 'none' };
    return hostId === host ? { kind: 'ours', version: agentVersion } : { kind: 'not-ours', otherId: hostId };
  } catch (error) {
    if (isFirebreakError(error, 'AGENT_MISSING')) return { kind: 'none' };
    if (isFirebreakError(error, 'AGENT_FAILED') || isFirebreakError(error, 'HOST_REPLY_INVALID')) return { kind: 'damaged' };
    throw error;
  }
}

/**
 * Two workspaces can know one host, and a host that was removed and added again is another one to us: what such an agent runs is
 * not ours to report on, to change or to remove.
 * @throws AGENT_NOT_OURS
 */
export function assertOurAgent(host: HostId, hostName: string, status: Pick<AgentStatus, 'hostId'>): void {
  if (status.hostId !== null && status.hostId !== host) throw new FirebreakError('AGENT_NOT_OURS', { host: hostName, otherId: status.hostId });
}
