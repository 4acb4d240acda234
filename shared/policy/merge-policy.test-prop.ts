import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { mergeComments } from './merge-comments.ts';
import { mergePolicies } from './merge-policy.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { aPolicy, aRule, aService, aZone, ruleId } from './testing/builders.ts';

type Edit = { readonly kind: 'remove' | 'owner' | 'add' | 'mode' | 'note'; readonly at: number };
const edits = fc.array(fc.record({ kind: fc.constantFrom<Edit['kind'][]>('remove', 'owner', 'add', 'mode', 'note'), at: fc.nat() }), { maxLength: 6 });

/** `parity` keeps two sides apart: one changes what stands at even places, the other what stands at odd ones. */
function apply(policy: Policy, list: readonly Edit[], who: string, parity: 0 | 1, origin = policy): Policy {
  return list.reduce((now, { kind, at }, i): Policy => {
    const mine = <T>(items: readonly T[]) => items.filter((_, place) => place % 2 === parity);
    const pick = <T>(items: readonly T[]): T | undefined => mine(items)[at % Math.max(1, mine(items).length)];
    const rule = pick(origin.rules);
    const zone = pick(origin.zones);
    if (kind === 'add') return { ...now, rules: [...now.rules, aRule({ n: (parity + 1) * 1000 + i, owner: who })] };
    if (kind === 'remove') return { ...now, rules: now.rules.filter((each) => each.id !== rule?.id) };
    if (kind === 'owner') return { ...now, rules: now.rules.map((each) => (each.id === rule?.id ? { ...each, owner: who } : each)) };
    if (kind === 'mode') return { ...now, zones: now.zones.map((each) => (each.name === zone?.name ? { ...each, mode: each.mode === 'test' ? 'observe' : 'test' } : each)) };
    return { ...now, zones: now.zones.map((each) => (each.name === zone?.name ? { ...each, note: who } : each)) };
  }, policy);
}

const seeds = fc.integer({ min: 1, max: 10_000 });
const asSets = (policy: Policy) => ({ ...policy, rules: policy.rules.toSorted((a, b) => (a.id < b.id ? -1 : 1)) });

it('a side that changed nothing leaves the other as it is, to the order of its rules', () => {
  fc.assert(
    fc.property(seeds, edits, (seed, list) => {
      const { policy: base } = arbitraryPolicy(seed);
      const edited = apply(base, list, 'ada', 0);
      expect(mergePolicies({ base, draft: base, file: edited }, 'none')).toEqual({ policy: edited, conflicts: [] });
      expect(mergePolicies({ base, draft: edited, file: base }, 'none')).toEqual({ policy: edited, conflicts: [] });
      expect(mergePolicies({ base, draft: edited, file: edited }, 'none')).toEqual({ policy: edited, conflicts: [] });
    }),
    { numRuns: 60 },
  );
});

it('edits of different objects are all there, whichever side made them', () => {
  fc.assert(
    fc.property(seeds, edits, edits, (seed, left, right) => {
      const { policy: base } = arbitraryPolicy(seed);
      const draft = apply(base, left, 'ada', 0);
      const file = apply(base, right, 'ben', 1);
      const one = mergePolicies({ base, draft, file }, 'none');
      const other = mergePolicies({ base, draft: file, file: draft }, 'none');
      expect([one.conflicts, other.conflicts]).toEqual([[], []]);
      expect(asSets(one.policy)).toEqual(asSets(other.policy));
      expect(asSets(one.policy)).toEqual(asSets(apply(apply(base, left, 'ada', 0), right, 'ben', 1, base)));
    }),
    { numRuns: 60 },
  );
});

it('whatever both sides did, preferring one leaves no conflict and no object that neither side has', () => {
  fc.assert(
    fc.property(seeds, edits, edits, fc.constantFrom('draft' as const, 'file' as const), (seed, left, right, prefer) => {
      const { policy: base } = arbitraryPolicy(seed);
      const [draft, file] = [apply(base, left, 'ada', 0), apply(base, right, 'ben', 0)];
      const { policy, conflicts } = mergePolicies({ base, draft, file }, prefer);
      expect(conflicts).toEqual([]);
      for (const rule of policy.rules) expect([...draft.rules, ...file.rules]).toContainEqual(rule);
      for (const zone of policy.zones) expect([...draft.zones, ...file.zones]).toContainEqual(zone);
    }),
    { numRuns: 60 },
  );
});

it('what both changed differently is a conflict with both sides, and what both changed alike is none', () => {
  const base = aPolicy({ rules: [aRule({ n: 1 }), aRule({ n: 2 })], services: [aService('web', 'tcp/80')] });
  const draft = aPolicy({ rules: [aRule({ n: 1, owner: 'ada' }), aRule({ n: 2, owner: 'both' })], services: [aService('web', 'tcp/443')] });
  const file = aPolicy({ rules: [aRule({ n: 1, owner: 'ben' }), aRule({ n: 2, owner: 'both' })], services: [] });
  expect(mergePolicies({ base, draft, file }, 'none').conflicts).toEqual([
    { section: 'rules', what: 'rule', name: ruleId(1), base: 'allow role=web → role=db on tcp/5432', draft: 'allow role=web → role=db on tcp/5432; owner ada', file: 'allow role=web → role=db on tcp/5432; owner ben' },
    { section: 'services', what: 'service', name: 'web', base: 'tcp/80', draft: 'tcp/443', file: null },
  ]);
  expect(mergePolicies({ base, draft, file }, 'draft').policy).toEqual(draft);
  expect(mergePolicies({ base, draft, file }, 'file').policy).toEqual(file);
});

it('zones that both sides moved are a conflict, and new ones stand behind what they stood behind', () => {
  const zones = (...names: string[]) => aPolicy({ zones: names.map((name) => aZone({ name })) });
  const merge = (base: string, draft: string, file: string) => {
    const { policy, conflicts } = mergePolicies({ base: zones(...base), draft: zones(...draft), file: zones(...file) }, 'none');
    return [policy.zones.map((zone) => zone.name).join(''), conflicts.length];
  };
  expect(merge('abc', 'abc', 'cab')).toEqual(['cab', 0]);
  expect(merge('abc', 'cab', 'abc')).toEqual(['cab', 0]);
  expect(merge('abc', 'bac', 'cab')).toEqual(['bac', 1]);
  expect(merge('abc', 'axbc', 'abcy')).toEqual(['axbcy', 0]);
  expect(merge('ab', 'abx', 'aby')).toEqual(['abxy', 0]);
  expect(merge('ab', 'abx', 'bay')).toEqual(['bxay', 0]);
  expect(merge('', 'x', 'y')).toEqual(['xy', 0]);
});

it('comments are merged by what they are about; the file’s is taken where both changed one', () => {
  const base = { a: { after: '1' }, b: { after: '1' }, c: { after: '1' }, d: { after: '1' } };
  expect(mergeComments({ base, draft: { ...base, a: { after: '2' }, c: { after: '2' } }, file: { a: { after: '1' }, b: { after: '3' }, c: { after: '3' } } })).toEqual({ a: { after: '2' }, b: { after: '3' }, c: { after: '3' } });
});
