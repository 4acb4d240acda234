import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import type { Listener, ReachWorld } from '../policy/reach/reach-world.ts';
import { createSimulator, type Decision, type Packet, type Simulator } from '../policy/simulate.ts';
import { SEVERITY, type Verdict } from '../policy/simulate-program.ts';
import { getAddress } from '../net/address.ts';

/**
 * By what the two ends run. `isCertain`: for whoever tries. `enforced`: one end enforces, so that allowed means more than open. `isPlain`: by a rule or the default, not by what is
 * let through in any case.
 */
export type TryVerdict = { readonly verdict: Verdict; readonly isCertain: boolean; readonly enforced: boolean; readonly isPlain: boolean };
export type TryJudge = (from: FleetHost, to: FleetHost, ends: { readonly source: string; readonly destination: string; readonly port: number }) => TryVerdict;

/** Judges tries as the agent makes them: by root, in a session of SSH. */
export function createTryJudge({ hosts, nowMs, runsOn, listenersOf }: ReachWorld): TryJudge {
  const simulators = new Map<Policy, Simulator>();
  const simulatorOf = (policy: Policy): Simulator => {
    const known = simulators.get(policy) ?? createSimulator(policy, hosts, { nowMs });
    simulators.set(policy, known);
    return known;
  };
  return (from, to, { source, destination, port }) => {
    const listener = findListener(listenersOf(to), destination, port);
    const decisions = ([['decideOutbound', from], ['decideInbound', to]] as const).flatMap(([ask, host]): { decision: Decision; mode: string }[] => {
      const runs = runsOn(host);
      if (runs === null) return [];
      // Both words of a unit: a session of SSH runs in the unit of sshd, or in none.
      const unit = runs.policy.rules.some(({ as }) => as?.kind === 'unit' && /^sshd?\.service$/.test(as.name)) ? null : 'session.service';
      const packet: Packet = { source, destination, protocol: 'tcp', port, sourcePort: null, user: 'root', group: 'root', unit, listener };
      return [{ decision: simulatorOf(runs.policy)[ask](host.id, packet), mode: runs.mode }];
    });
    const enforcing = decisions.filter(({ mode, decision }) => decision.judged && (mode === 'enforce' || decision.reason === 'contained'));
    const worst = enforcing.reduce<Verdict>((a, { decision: { verdict } }) => (SEVERITY[verdict] > SEVERITY[a] ? verdict : a), 'allowed');
    return {
      verdict: worst,
      isCertain: enforcing.every(({ decision }) => decision.verdict === decision.atBest),
      enforced: enforcing.some(({ decision: { reason } }) => reason === 'rule' || reason === 'default' || reason === 'contained'),
      isPlain: decisions.every(({ decision }) => decision.by !== 'essential'),
    };
  };
}

/** The unit of whoever listens there; a name that no rule has where nobody does; null where that is not known. */
function findListener(listeners: readonly Listener[] | null, destination: string, port: number): string | null {
  if (listeners === null) return null;
  const { family } = getAddress(destination);
  const found = listeners.find((one) => one.protocol === 'tcp' && one.port === port && one.families.includes(family) && (one.address === null || one.address === destination));
  return found === undefined ? 'nobody.service' : found.unit;
}
