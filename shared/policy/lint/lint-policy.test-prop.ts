import { expect, it } from 'vitest';
import type { Policy } from '../../model/policy.ts';
import type { HostId } from '../../model/ids.ts';
import type { Finding, RuleChange } from '../../model/finding.ts';
import type { Sender } from '../simulate-identity.ts';
import { createSimulator } from '../simulate.ts';
import { arbitraryPacket, edgesOf } from '../testing/arbitrary-packet.ts';
import { arbitraryPolicy } from '../testing/arbitrary-policy.ts';
import { createRandom } from '../testing/random.ts';
import { lintOf, LINT_NOW_MS } from '../testing/a-lint.ts';

const SEEDS = Array.from({ length: 120 }, (_, i) => i + 1);
const SENDERS = [
  { user: 'root', group: 'root', unit: 'a.service', listener: 'a.service' },
  { user: 'nobody', group: 'daemon', unit: 'b.service', listener: 'b.service' },
  { isForwarded: true },
] satisfies [Sender, ...Sender[]];

const change = (policy: Policy, id: string, fields: RuleChange): Policy => ({ ...policy, rules: policy.rules.map((rule) => (rule.id === id ? { ...rule, ...fields } : rule)) });

/** The draft after every fix that promises not to change a verdict. */
function mend(policy: Policy, findings: readonly Finding[]): Policy {
  const gone = new Set(findings.filter(({ code }) => ['RULE_SHADOWED', 'RULE_CONTRADICTED', 'RULE_END_EMPTY', 'RULE_EXPIRED'].includes(code)).map(({ subject }) => subject.id));
  return { ...policy, rules: policy.rules.filter((rule) => !gone.has(rule.id)) };
}

/** One narrowing at a time: two of them may each count on the other's rule. */
function narrowOne(policy: Policy, findings: readonly Finding[]): Policy {
  const act = findings.find(({ code, fix }) => (code === 'RULE_OVERLAPPING' || code === 'RULE_PARTLY_DENIED') && fix.act !== null)?.fix.act;
  return act?.kind === 'change-rules' ? act.rules.reduce((before, { rule, change: fields }) => change(before, rule, fields), policy) : policy;
}

it('taking out all rules that are called shadowed, contradicted, empty or expired, and narrowing one that overlaps, changes no verdict at any host', () => {
  let [removed, narrowed, judged] = [0, 0, 0];
  const differences: unknown[] = [];
  for (const seed of SEEDS) {
    const { policy, hosts } = arbitraryPolicy(seed, { mode: 'enforce' });
    const findings = lintOf({ policy, hosts });
    for (const after of [mend(policy, findings), narrowOne(policy, findings)]) {
      removed += policy.rules.length - after.rules.length;
      if (after.rules.length === policy.rules.length) narrowed += Number(JSON.stringify(after) !== JSON.stringify(policy));
      const simulators = [policy, after].map((one) => createSimulator(one, hosts, { nowMs: LINT_NOW_MS }));
      const random = createRandom(seed);
      const edges = edgesOf(policy, hosts);
      for (const host of hosts.filter((one) => one.managed && one.addresses.length > 0)) {
        for (let i = 0; i < 40; i++) {
          const direction = random.pick(['in', 'out'] as const);
          const local = host.addresses[random.integer(host.addresses.length)] ?? '';
          const packet = { ...arbitraryPacket(random, edges, { direction, local }), atMs: Date.UTC(2026, 0, 1) + random.integer(365 * 24 * 60) * 60_000, ...random.pick<Sender>(SENDERS) };
          const [before, then] = simulators.map((simulator) => decide(simulator, direction, host.id, packet));
          judged++;
          if (before !== then) differences.push({ seed, host: host.name, direction, packet, before, then });
        }
      }
    }
  }
  expect(differences.slice(0, 3)).toEqual([]);
  expect(removed).toBeGreaterThan(70);
  expect(narrowed).toBeGreaterThan(5);
  expect(judged).toBeGreaterThan(15_000);
}, 60_000);

const decide = (simulator: ReturnType<typeof createSimulator>, direction: 'in' | 'out', host: HostId, packet: Parameters<typeof simulator.decideInbound>[1]) =>
  (direction === 'in' ? simulator.decideInbound(host, packet) : simulator.decideOutbound(host, packet)).verdict;
