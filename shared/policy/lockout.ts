import type { PlanRefusal as PlanRefusalSchema } from '../model/diff.ts';
import type { z } from 'zod';
import { isInForce } from '../model/containment.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { getAddress } from '../net/address.ts';
import { describeRuleShort } from './describe.ts';
import { createSimulator } from './simulate.ts';
import { zoneOfHosts } from './zones.ts';

export type PlanRefusal = z.infer<typeof PlanRefusalSchema>;

export type LockoutOptions = {
  readonly nowMs: number;
  /** SSH to `host` goes through host `through`; from the hosts' SSH targets. */
  readonly jumps: readonly { readonly host: HostId; readonly through: HostId }[];
  /** The managed host that this console runs on, if one is known. */
  readonly consoleHost: HostId | null;
};

/**
 * Everything by which the policy could cut the console off, host by host; empty when nothing could. The locked management rule would
 * hold against most of it, but a policy that needs it to is a mistake: told here, before a push, with the rule that is to blame.
 * Of containments only the quarantine of the console's own host counts: SSH from the consoles is before them, and what else they cut was told when they were ordered. Test zones count like enforcing ones, because test rehearses what enforce will do.
 */
export function findLockouts(given: Policy, hosts: readonly FleetHost[], options: LockoutOptions): PlanRefusal[] {
  const policy = { ...given, containments: [] };
  const zones = zoneOfHosts(policy, hosts);
  const quarantined = new Set(given.containments.flatMap((one): string[] => (one.kind === 'quarantine' && isInForce(one, options.nowMs) ? [one.host] : [])));
  const judged = hosts.filter((host) => host.managed && ((zones.get(host.id)?.zone?.mode ?? 'observe') !== 'observe' || quarantined.has(host.name)));
  return [
    ...judged.filter((host) => host.management.consoleAddresses.length === 0).map(withoutConsole),
    ...judged.filter((host) => host.id === options.consoleHost && quarantined.has(host.name)).map(quarantinedConsole),
    ...deniedManagement(policy, hosts, judged, options),
    ...deniedJumps(policy, hosts, options),
  ];
}

const withoutConsole = (host: FleetHost): PlanRefusal => ({
  host: host.name,
  reason: `no console address is recorded for ${host.name}, so no rule could keep SSH open; run “firebreak agent status ${host.name}” first, which records the address that the host sees`,
  rule: null,
});

export const quarantinedConsole = ({ name }: FleetHost): PlanRefusal => ({
  host: name,
  reason: `this console runs on ${name}: quarantined, it could reach no other host any more, to release or to push anything; order it from a console on another machine`,
  rule: null,
});

/** Deny rules that match SSH from a recorded console: asked of a copy of the host that has no essential block for it. */
function deniedManagement(policy: Policy, hosts: readonly FleetHost[], judged: readonly FleetHost[], options: LockoutOptions): PlanRefusal[] {
  const bare = hosts.map((host) => ({ ...host, management: { ...host.management, consoleAddresses: [] } }));
  const denies = atTheirWorst(policy.rules).filter((rule) => rule.action === 'deny');
  if (denies.length === 0) return [];
  const simulator = createSimulator({ ...policy, rules: denies }, bare, { nowMs: options.nowMs });
  return judged.flatMap((host) => {
    const { consoleAddresses, sshPort } = host.management;
    const denied = new Map<string, string>();
    for (const source of consoleAddresses) {
      for (const destination of destinationsFor(host, source)) {
        const decision = simulator.decideInbound(host.id, { source, destination, protocol: 'tcp', port: sshPort, sourcePort: null });
        if (decision.reason === 'rule' && decision.by !== null && !denied.has(decision.by)) denied.set(decision.by, source);
      }
    }
    return [...denied].map(([rule, source]) => ({
      host: host.name,
      reason: `${describeBlame(policy, rule)} denies SSH from the console ${source} to ${host.name} port ${sshPort}; exclude the console’s address or the SSH port from the rule`,
      rule,
    }));
  });
}

/** A host without a known address of that family still answers on one that the console used: any local address will do. */
function destinationsFor(host: FleetHost, source: string): string[] {
  const { family } = getAddress(source);
  const own = host.addresses.filter((address) => getAddress(address).family === family);
  return own.length > 0 ? own : [family === 4 ? '192.0.2.255' : '2001:db8::ffff'];
}

/** The jump host must be let out to the host's SSH port; the other end is held open by its own console rule. */
function deniedJumps(policy: Policy, hosts: readonly FleetHost[], options: LockoutOptions): PlanRefusal[] {
  if (options.jumps.length === 0) return [];
  const byId = new Map(hosts.map((host) => [host.id, host]));
  const simulator = createSimulator({ ...policy, rules: atTheirWorst(policy.rules) }, hosts, { nowMs: options.nowMs });
  return options.jumps.flatMap(({ host: hostId, through: throughId }): PlanRefusal[] => {
    const [host, through] = [byId.get(hostId), byId.get(throughId)];
    if (!host || !through?.managed) return [];
    const pairs = host.addresses.flatMap((destination) => sourcesFor(through, destination).map((source) => ({ source, destination })));
    const decisions = pairs.map((pair) => simulator.decideOutbound(through.id, { ...pair, protocol: 'tcp', port: host.management.sshPort, sourcePort: null }));
    const refusal = decisions.find((decision) => decision.verdict !== 'allowed');
    // One open way is enough: SSH needs a single address pair.
    if (!refusal || decisions.some((decision) => decision.verdict === 'allowed')) return [];
    const blame =
      refusal.by === null
        ? `zone ${zoneOfHosts(policy, [through]).get(through.id)?.zone?.name} restricts outbound and no rule allows it`
        : `${describeBlame(policy, refusal.by)} denies it`;
    return [
      {
        host: host.name,
        reason: `SSH to ${host.name} goes through ${through.name}, which could no longer reach its port ${host.management.sshPort}: ${blame}`,
        rule: refusal.by,
      },
    ];
  });
}

/** A way in that is closed at times is no way in: a scheduled deny counts as always there, a scheduled allow as never. */
const atTheirWorst = (rules: readonly Rule[]): Rule[] =>
  rules.filter((rule) => rule.disabled !== true && (rule.action === 'deny' || rule.schedule === null)).map((rule) => ({ ...rule, schedule: null }));

const sourcesFor = (host: FleetHost, destination: string): string[] =>
  host.addresses.filter((address) => getAddress(address).family === getAddress(destination).family);

function describeBlame(policy: Policy, id: string): string {
  const rule = policy.rules.find((candidate) => candidate.id === id);
  return rule ? `rule ${id} (${describeRuleShort(rule)})` : `rule ${id}`;
}
