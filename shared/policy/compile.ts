import { FirebreakError } from '../errors.ts';
import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy } from '../model/policy.ts';
import { emptyRuleset, toEssential } from './assemble-ruleset.ts';
import { type CompileOptions, createFleetCompiler } from './fleet-compiler.ts';
import type { HostRuleset } from './host-ruleset.ts';

/** What a fleet compiler gives when it is asked for the first time. */
export const compileFleet = (policy: Policy, hosts: readonly FleetHost[], options: CompileOptions): Map<HostId, HostRuleset> => createFleetCompiler().compile(policy, hosts, options);

/** The ruleset of one host of the fleet, as if it were managed; `hosts` is the whole fleet, because peers are resolved in it. */
export function compileHost(policy: Policy, hosts: readonly FleetHost[], hostId: HostId, options: CompileOptions): HostRuleset {
  // All others are peers only, so that nothing is compiled for them.
  const alone = hosts.map((host) => ({ ...host, managed: host.id === hostId }));
  const ruleset = compileFleet(policy, alone, options).get(hostId);
  if (!ruleset) throw new FirebreakError('NOT_FOUND', { what: 'host', name: hostId, known: [] });
  return ruleset;
}

/** The set that a fresh agent starts with: records, judges nothing. */
export const compileObserve = (host: FleetHost): HostRuleset => Object.freeze(emptyRuleset(host, toEssential(host)));
