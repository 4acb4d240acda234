import { expect, it } from 'vitest';
import { compileFleet } from './compile.ts';
import { printBundle } from './print.ts';
import type { Sender } from './simulate-identity.ts';
import { createSimulator } from './simulate.ts';
import { arbitraryPacket, edgesOf } from './testing/arbitrary-packet.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { evaluateRuleset } from './testing/evaluate-ruleset.ts';
import { createRandom } from './testing/random.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const SENDERS = [
  { user: 'root', group: 'root', unit: 'a.service', listener: 'a.service' },
  { user: 'nobody', group: 'daemon', unit: 'b.service', listener: 'b.service' },
  { isForwarded: true },
  { user: 'app', group: 'app', unit: 'a.service', listener: 'b.service' },
] satisfies [Sender, ...Sender[]];
const SEEDS = Array.from({ length: 300 }, (_, i) => i + 1);

it('what is compiled decides every packet as the simulator does, rule by rule', () => {
  const disagreements: unknown[] = [];
  let judged = 0;
  let contained = 0;
  for (const seed of SEEDS) {
    const { policy, hosts } = arbitraryPolicy(seed);
    const simulator = createSimulator(policy, hosts, TODAY);
    const restricted = createSimulator(policy, hosts, { ...TODAY, assume: 'all-restricted' });
    const edges = edgesOf(policy, hosts);
    const random = createRandom(seed);
    for (const [id, ruleset] of compileFleet(policy, hosts, TODAY)) {
      const locals = hosts.find((host) => host.id === id)?.addresses ?? [];
      if (ruleset.mode === 'observe' && ruleset.containments.length === 0) continue;
      for (let i = 0; i < 60; i++) {
        const direction = random.pick(['in', 'out'] as const);
        const local = locals[random.integer(locals.length)] ?? '10.7.7.7';
        // Anywhere in the three years that are listed, so that both changes of daylight saving are met.
        const packet = { ...arbitraryPacket(random, edges, { direction, local }), atMs: Date.UTC(2026, 0, 1) + random.integer(3 * 365 * 24 * 60) * 60_000, ...random.pick<Sender>(SENDERS) };
        const decide = (one: typeof simulator) => (direction === 'in' ? one.decideInbound(id, packet) : one.decideOutbound(id, packet));
        const decision = decide(simulator);
        // Rows do not have the essential block; what a quarantine refuses of it they do.
        if (decision.by === 'essential' || (ruleset.containments.length > 0 && decision.reason !== 'contained' && decide(restricted).by === 'essential')) continue;
        judged++;
        if (decision.reason === 'contained') contained++;
        const { passes, rule } = evaluateRuleset(ruleset, direction, packet);
        if (passes !== (decision.verdict === 'allowed') || rule !== decision.by)
          disagreements.push({ seed, host: ruleset.hostName, direction, packet, passes, rule, decision });
      }
    }
  }
  expect(disagreements.slice(0, 3)).toEqual([]);
  expect(judged).toBeGreaterThan(10_000);
  expect(contained).toBeGreaterThan(300);
});

it('test prints the rules of enforce: only what refuses differs', () => {
  for (const seed of SEEDS.slice(0, 60)) {
    const texts = (['enforce', 'test'] as const).map((mode) => {
      const { policy, hosts } = arbitraryPolicy(seed, { mode, outbound: 'restricted' });
      return [...compileFleet(policy, hosts, TODAY).values()].map((ruleset) => printBundle(ruleset, { policyVersion: 1 }).text.split('\n'));
    });
    const [enforce = [], test = []] = texts.map((hosts) => hosts.map((lines) => lines.filter((line) => !isVerdictLine(line))));
    expect(test).toEqual(enforce);
  }
});

/** Header lines, what the miss chains and the invalid packets come to, and where what is refused is recorded. */
const isVerdictLine = (line: string): boolean =>
  line.startsWith('# ') ||
  /^\t\t(limit rate .*|counter (drop|accept|goto pass_(in|pub))|meta l4proto tcp counter reject with tcp reset|counter reject with icmpx admin-prohibited|ct state invalid .*|ct state new jump rec_(in|pub))$/.test(
    line,
  );

it('compiling the same twice, with hosts in another order, gives the same bundles', () => {
  for (const seed of SEEDS.slice(0, 40)) {
    const { policy, hosts } = arbitraryPolicy(seed);
    const print = (fleet: typeof hosts) =>
      new Map([...compileFleet(policy, fleet, TODAY)].map(([id, ruleset]) => [id, printBundle(ruleset, { policyVersion: 1 }).hash]));
    expect(print([...hosts].reverse())).toEqual(print(hosts));
  }
});
