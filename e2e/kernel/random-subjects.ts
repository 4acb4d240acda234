import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { compileFleet } from '../../shared/policy/compile.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';
import { createSimulator } from '../../shared/policy/simulate.ts';
import { type Edges, edgesOf } from '../../shared/policy/testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../../shared/policy/testing/arbitrary-policy.ts';
import { createRandom, type Random } from '../../shared/policy/testing/random.ts';

export const TODAY = { nowMs: Date.now() };

export type Subject = {
  readonly seed: number;
  readonly random: Random;
  readonly policy: Policy;
  readonly hosts: readonly FleetHost[];
  readonly ruleset: HostRuleset;
  readonly host: FleetHost;
  readonly edges: Edges;
  readonly simulator: ReturnType<typeof createSimulator>;
};

/** `amount` random policies, by seed from `seed` on, each with one of its hosts that has an address, mostly one that is judged. `sayable`: what of a policy the target has words for. */
export function* randomSubjects(seed: number, amount: number, sayable: (policy: Policy, hosts: readonly FleetHost[]) => Policy): Generator<Subject> {
  for (let made = 0; made < amount; seed += 1) {
    const random = createRandom(seed);
    const { policy: arbitrary, hosts } = arbitraryPolicy(seed);
    const policy = sayable(arbitrary, hosts);
    const rulesets = [...compileFleet(policy, hosts, TODAY).values()].filter(({ mode }) => mode !== 'observe' || random.chance(0.2));
    const ruleset = rulesets[random.integer(Math.max(1, rulesets.length))];
    const host = hosts.find(({ id }) => id === ruleset?.hostId);
    if (ruleset === undefined || host === undefined || host.addresses.length === 0) continue;
    made += 1;
    yield { seed, random, policy, hosts, ruleset, host, edges: edgesOf(policy, hosts), simulator: createSimulator(policy, hosts, TODAY) };
  }
}
