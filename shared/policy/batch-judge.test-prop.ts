import { isDeepStrictEqual } from 'node:util';
import { expect, it } from 'vitest';
import { createBatchJudge } from './batch-judge.ts';
import { createFlowJudge } from './judge-flow.ts';
import type { SimulateOptions } from './simulate.ts';
import { arbitraryFlow } from './testing/arbitrary-flow.ts';
import { edgesOf } from './testing/arbitrary-packet.ts';
import { arbitraryPolicy } from './testing/arbitrary-policy.ts';
import { hostId } from './testing/builders.ts';
import { createRandom } from './testing/random.ts';

const NOW_MS = Date.UTC(2026, 5, 15);
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
it.each(['as-written', 'zones-enforced', 'all-restricted'] as const)('the batch judge says of every flow what the single judge says, when judging %s', (assume) => {
  const options: SimulateOptions = { nowMs: NOW_MS, assume };
  const kinds = new Set<string>();
  const disagreements: unknown[] = [];
  for (const seed of SEEDS) {
    const site = arbitraryPolicy(seed);
    const random = createRandom(seed);
    const edges = edgesOf(site.policy, site.hosts);
    const [single, batch] = [createFlowJudge(site.policy, site.hosts, options), createBatchJudge(site.policy, site.hosts, options)];
    const flows = random.many(80, 80, () => arbitraryFlow(random, site, { edges, nowMs: NOW_MS }));
    // Each twice, and in another order: what was remembered must be as right as what was not.
    for (const flow of [...flows, ...flows.toReversed()]) {
      const judgement = batch(flow);
      const expected = single(flow);
      if (!isDeepStrictEqual(judgement, expected)) disagreements.push({ seed, flow, judgement, expected });
      kinds.add(judgement.kind === 'decided' ? `${judgement.verdict} ${typeof judgement.by}` : judgement.kind);
    }
  }
  expect(disagreements.slice(0, 3)).toEqual([]);
  expect(kinds.size).toBeGreaterThan(3);
});

it('a policy that names services and lists which it has lost is judged alike', () => {
  for (const seed of SEEDS.slice(0, 20)) {
    const site = arbitraryPolicy(seed);
    const policy = { ...site.policy, services: [], ipLists: [] };
    const random = createRandom(seed);
    const edges = edgesOf(site.policy, site.hosts);
    const [single, batch] = [createFlowJudge(policy, site.hosts, { nowMs: NOW_MS }), createBatchJudge(policy, site.hosts, { nowMs: NOW_MS })];
    const flows = random.many(40, 40, () => arbitraryFlow(random, site, { edges, nowMs: NOW_MS }));
    expect(flows.map(batch)).toEqual(flows.map(single));
  }
});

it('a peer address that cannot be read is a defect to both judges', () => {
  const site = arbitraryPolicy(1);
  const flow = { reporter: site.hosts[0]?.id ?? hostId(1), direction: 'in', peerAddress: 'nonsense', protocol: 'tcp', port: 1, verdict: 'accepted', lastSeenAtMs: NOW_MS, user: null, unit: null } as const;
  for (const create of [createFlowJudge, createBatchJudge]) expect(() => create(site.policy, site.hosts, { nowMs: NOW_MS })(flow)).toThrow(/stored address is not valid/);
});
