import { expect, it } from 'vitest';
import type { Policy, Rule } from '../model/policy.ts';
import { compileFleet } from './compile.ts';
import { diffPolicy } from './diff-policy.ts';
import { exportPolicyYaml, importPolicyYaml } from './policy-yaml.ts';
import { createSimulator } from './simulate.ts';
import { arbitraryPacket, edgesOf } from './testing/arbitrary-packet.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aHost, aPolicy, aRule, aZone, ruleId } from './testing/builders.ts';
import { createRandom } from './testing/random.ts';

const TODAY = { nowMs: Date.UTC(2026, 0, 15) };
const disable = (rule: Rule): Rule => ({ ...rule, disabled: true });

it('a policy with disabled rules compiles, and decides every packet, as the one that does not have them', () => {
  for (let seed = 1; seed <= 80; seed++) {
    const random = createRandom(seed);
    const { policy, hosts } = arbitraryPolicy(seed);
    const off = new Set(policy.rules.filter(() => random.chance(0.5)).map((rule) => rule.id));
    const disabled: Policy = { ...policy, rules: policy.rules.map((rule) => (off.has(rule.id) ? disable(rule) : rule)) };
    const without: Policy = { ...policy, rules: policy.rules.filter((rule) => !off.has(rule.id)) };
    expect([...compileFleet(disabled, hosts, TODAY)]).toEqual([...compileFleet(without, hosts, TODAY)]);
    const [one, other] = [createSimulator(disabled, hosts, TODAY), createSimulator(without, hosts, TODAY)];
    const edges = edgesOf(policy, hosts);
    for (const { id, addresses } of hosts) {
      const packet = arbitraryPacket(random, edges, { direction: 'in', local: addresses[0] ?? '10.7.7.7' });
      expect(one.decideInbound(id, packet)).toEqual(other.decideInbound(id, packet));
    }
  }
});

it('a rule that is enabled again compiles as it did', () => {
  const hosts = [aHost({ n: 1, labels: 'app=shop,role=web' }), aHost({ n: 2, labels: 'app=shop,role=db' })];
  const policy = aPolicy({ zones: [aZone()], rules: [aRule()] });
  expect(compileFleet(policy, hosts, TODAY)).not.toEqual(compileFleet({ ...policy, rules: [disable(aRule())] }, hosts, TODAY));
});

it('is written to a policy file as it is read, and a rule that counts without a word about it', () => {
  const policy = aPolicy({ rules: [disable(aRule({ n: 1 })), aRule({ n: 2 })] });
  const text = exportPolicyYaml(policy);
  expect(text.match(/disabled: true/g)).toHaveLength(1);
  const read = importPolicyYaml(text, () => ruleId(9));
  expect(read).toMatchObject({ ok: true, value: policy });
});

it('disabling is a change of the policy that people read', () => {
  const [row] = diffPolicy(aPolicy({ rules: [aRule()] }), aPolicy({ rules: [disable(aRule())] }));
  expect(row).toMatchObject({ change: 'changed', what: 'rule', after: expect.stringMatching(/^disabled; allow/) });
});
