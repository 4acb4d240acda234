import type { AgentCut, AgentSession, AgentSessions } from '../../shared/contract/agent-replies.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { HostId } from '../../shared/model/ids.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { createSessionJudge } from '../../shared/policy/judge-sessions.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { AgentClient } from './agent-client.ts';
import type { AgentCall } from './agent-command.ts';
import { canonicalAddress } from './host-addresses.ts';

/** What live connections are held against: a policy as it is pushed, and the fleet that it was compiled for. */
export type SessionLaw = { policy: Policy; fleet: readonly FleetHost[]; nowMs: number };

export type SortedSessions = { forbidden: { session: AgentSession; by: string | null }[]; uncertain: number; warnings: string[] };

export type SessionSorter = (host: HostId, reply: AgentSessions) => SortedSessions;

/** Judges what hosts say that lives there. Made once a push or plan, asked for each host. Pure. */
export function createSessionSorter(law: SessionLaw): SessionSorter {
  const judge = createSessionJudge(law.policy, law.fleet, { nowMs: law.nowMs });
  return (host, reply) => {
    const forbidden: SortedSessions['forbidden'] = [];
    let uncertain = 0;
    for (const raw of reply.sessions) {
      const [local, peer] = [canonicalAddress(raw.local), canonicalAddress(raw.peer)];
      const session = { ...raw, local: local ?? '', peer: peer ?? '' };
      const { verdict, by } = judge(host, session);
      if (verdict === 'uncertain') uncertain += 1;
      if (verdict === 'forbidden') forbidden.push({ session, by });
    }
    return { forbidden, uncertain, warnings: listLimits(reply) };
  };
}

function listLimits({ truncated, total, sessions, tracking }: AgentSessions): string[] {
  return [
    ...(truncated ? [`${total} connections live there; only ${sessions.length} of them were looked at`] : []),
    ...(tracking === 'none' ? ['its connection tracking cannot be read, so UDP streams and forwarded connections are not listed'] : []),
  ];
}

/** The line by which `cut` knows it again. */
export const toCutLine = ({ protocol, local, localPort, peer, peerPort }: AgentSession): string => `${protocol} ${local} ${localPort} ${peer} ${peerPort}`;

/** What `cut` takes at once (agent/README.md). */
const MAX_CUT = 20_000;

/**
 * Reads what lives on a host now, and has it end what is forbidden; nothing is asked where that is nothing. Rejects like any agent command.
 * @throws whatever `sessions` and `cut` fail with
 */
export async function cutForbidden(
  agents: Pick<AgentClient, 'sessions' | 'cut'>,
  at: { host: HostId; target: ResolvedTarget; pushId: string },
  sort: SessionSorter,
  call?: AgentCall,
): Promise<{ cut: Omit<AgentCut, 'v' | 'asked'>; forbidden: readonly AgentSession[]; warnings: readonly string[] }> {
  const sorted = sort(at.host, await agents.sessions(at.target, call));
  const forbidden = sorted.forbidden.slice(0, MAX_CUT).map(({ session }) => session);
  const warnings = [...sorted.warnings, ...(sorted.uncertain === 0 ? [] : [`${sorted.uncertain} depend on what a live connection does not show, and were left alone`])];
  if (forbidden.length === 0) return { cut: { cut: 0, forgotten: 0, failed: 0, kept: 0, gone: 0 }, forbidden, warnings };
  const { cut, forgotten, failed, kept, gone } = await agents.cut(at.target, { pushId: at.pushId, lines: forbidden.map(toCutLine) }, call);
  return { cut: { cut, forgotten, failed, kept, gone }, forbidden, warnings };
}
