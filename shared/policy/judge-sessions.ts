import type { AgentSession } from '../contract/agent-replies.ts';
import type { FleetHost } from '../model/host.ts';
import type { ContainmentId, HostId, RuleId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { parseAddress } from '../net/address.ts';
import { createSimulator, type Decision, type Packet, type SimulateOptions } from './simulate.ts';

/** The part of a live connection that a verdict depends on. */
export type JudgedSession = Pick<AgentSession, 'protocol' | 'direction' | 'path' | 'local' | 'localPort' | 'peer' | 'peerPort' | 'user' | 'unit'>;

/**
 * `forbidden`: under this policy nobody could open it now, whatever is not known of it. `uncertain`: that depends on what a live connection
 * does not show. Test mode forbids nothing.
 */
export type SessionJudgement = { readonly verdict: 'allowed' | 'forbidden' | 'uncertain'; readonly by: RuleId | ContainmentId | null };

const ALLOWED: SessionJudgement = Object.freeze({ verdict: 'allowed', by: null });
const UNCERTAIN: SessionJudgement = Object.freeze({ verdict: 'uncertain', by: null });

/** What the policy would do with the first packet of live connections, at the host that has them and now. Made once a policy, asked many times. */
export function createSessionJudge(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions): (host: HostId, session: JudgedSession) => SessionJudgement {
  const simulator = createSimulator(policy, hosts, options);
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return (id, session) => {
    const host = byId.get(id);
    if (!host || session.direction === 'routed') return ALLOWED;
    const decisions = [
      ...(session.direction === 'out' ? [] : [toInbound(session)].map((packet) => packet && simulator.decideInbound(id, packet))),
      ...(session.direction === 'in' ? [] : toOutbound(session, host).map((packet) => packet && simulator.decideOutbound(id, packet))),
    ];
    return decisions.every((one) => one !== null) ? toJudgement(decisions) : UNCERTAIN;
  };
}

function toJudgement(decisions: readonly Decision[]): SessionJudgement {
  const [first] = decisions;
  if (!first || decisions.every(({ verdict }) => verdict !== 'blocked')) return ALLOWED;
  if (decisions.some(({ verdict, atBest }) => verdict !== 'blocked' || atBest !== 'blocked')) return UNCERTAIN;
  return { verdict: 'forbidden', by: first.by === 'essential' ? null : first.by };
}

const toInbound = ({ protocol, path, local, localPort, peer, peerPort, unit }: JudgedSession): Packet | null =>
  areOneFamily(local, peer) ? { source: peer, destination: local, protocol, port: localPort, sourcePort: peerPort, listener: unit, isForwarded: path === 'forward' } : null;

/** A forwarded one left under an address of the host, which of them is not told: each is asked. */
function toOutbound({ protocol, path, local, localPort, peer, peerPort, user, unit }: JudgedSession, host: FleetHost): (Packet | null)[] {
  const rest = { destination: peer, protocol, port: peerPort, sourcePort: localPort, user, unit, isForwarded: path === 'forward' };
  const locals = path === 'forward' ? host.addresses.filter((address) => areOneFamily(address, peer)) : [local];
  return locals.length === 0 ? [null] : locals.map((source) => (areOneFamily(source, peer) ? { source, ...rest } : null));
}

function areOneFamily(one: string, other: string): boolean {
  const [a, b] = [parseAddress(one), parseAddress(other)];
  return a.ok && b.ok && a.value.family === b.value.family;
}
