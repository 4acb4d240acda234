import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { FleetHost } from '../model/host.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { printPeer } from '../text/peer-text.ts';
import { gatherConversations } from './gather-conversations.ts';
import { createFlowJudge } from './judge-flow.ts';
import { createResolver } from './resolve.ts';
import { createSimulator } from './simulate.ts';
import { type RuleSuggestion, suggestRules } from './suggest.ts';
import { type ArbitrarySite, arbitrarySite } from './testing/arbitrary-site.ts';
import { ruleId } from './testing/builders.ts';
import { createRandom } from './testing/random.ts';

/** Sites are made inside of the properties, so that a counterexample is a number and not a page. */
const RUNS = { numRuns: 100 };
const anySeed = fc.integer({ min: 1, max: 2 ** 31 });

const suggest = ({ flows, policy, hosts, options }: ArbitrarySite) => suggestRules(flows, policy, hosts, options);
const withRules = (policy: Policy, suggestions: readonly Pick<RuleSuggestion, 'rule'>[]): Policy => ({
  ...policy,
  rules: [...policy.rules, ...suggestions.map(({ rule }, i): Rule => ({ ...rule, id: ruleId(1000 + i) }))],
});

it('the same flows in any order, and cut into other aggregates, give the same suggestions', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const site = arbitrarySite(seed);
      const random = createRandom(seed);
      const shuffled = site.flows.map((flow) => ({ flow, rank: random.integer(1_000_000) })).sort((a, b) => a.rank - b.rank);
      const flows = shuffled.flatMap(({ flow }) => (flow.connections < 2 ? [flow] : [{ ...flow, connections: 1 }, { ...flow, connections: flow.connections - 1 }]));
      expect(suggest({ ...site, flows })).toEqual(suggest(site));
    }),
    RUNS,
  );
});

it('with the suggestions in the draft nothing more is suggested, and nothing else is left unexplained or set aside', () => {
  let suggested = 0;
  fc.assert(
    fc.property(anySeed, (seed) => {
      const site = arbitrarySite(seed);
      const { suggestions, unexplained, setAside } = suggest(site);
      suggested += suggestions.length;
      const again = suggest({ ...site, policy: withRules(site.policy, suggestions) });
      expect(again).toMatchObject({ suggestions: [], setAside });
      // A probe may be among what a broader rule permits; nothing else that is unexplained is explained by the way, and nothing comes in addition.
      const textsOf = (lines: readonly string[]) => lines.map((line) => line.replace(/ \(\d+ connections?\)$/, ''));
      const before = textsOf(unexplained);
      expect(before.filter((line) => !line.includes('as in a port scan') && !textsOf(again.unexplained).includes(line))).toEqual([]);
      // What a deny rule decided for one address, user or unit may now be allowed for another, and is no longer certain; where nothing listened, that is what is said of it.
      const deniesByIdentity = site.policy.rules.some((rule) => rule.action === 'deny' && (rule.as !== null || rule.servedBy !== null));
      const uncertain = deniesByIdentity ? /its own addresses|depends on the user|as in a port scan/ : /its own addresses|depends on the user/;
      expect(textsOf(again.unexplained).filter((line) => !before.includes(line) && !uncertain.test(line))).toEqual([]);
    }),
    RUNS,
  );
  expect(suggested).toBeGreaterThan(200);
});

it('every conversation that is explained is allowed once the suggestions are in the draft', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const { policy, hosts, flows, options } = arbitrarySite(seed);
      const { suggestions } = suggestRules(flows, policy, hosts, options);
      const judge = createFlowJudge(withRules(policy, suggestions), hosts, { nowMs: options.nowMs, assume: 'all-restricted' });
      const addressesOf = new Map(hosts.map((host) => [host.id, host.addresses]));
      for (const { consumer, provider, protocol, port } of gatherConversations(flows, policy, hosts, options).conversations) {
        const reports = flows.filter((flow) => {
          const [own, other] = flow.direction === 'in' ? [provider, consumer] : [consumer, provider];
          return flow.direction !== 'forward' && flow.verdict !== 'blocked' && flow.reporter === own.id && addressesOf.get(other.id)?.includes(flow.peerAddress) && flow.protocol === protocol && flow.port === port;
        });
        const verdicts = reports.map((flow) => judge(flow)).map((one) => one.kind === 'decided' && one.verdict === 'allowed');
        expect(verdicts, `${consumer.name} → ${provider.name} ${protocol}/${port}`).toContain(true);
      }
    }),
    RUNS,
  );
});

const SENDERS = [...['root', 'nobody', 'somebody'].flatMap((user) => ['a.service', 'gone.service', 'b.service'].map((unit) => ({ user, group: user, unit, listener: unit })))];

/** Unseen pairs of hosts between which the rule lets somebody through who was not let through before, asked address by address and sender by sender. */
function countFlipped({ policy, hosts, flows, options }: ArbitrarySite, { rule }: RuleSuggestion): number {
  const [before, after] = [policy, withRules(policy, [{ rule }])].map((one) => createSimulator(one, hosts, { nowMs: options.nowMs, assume: 'all-restricted' }));
  const seen = new Set(gatherConversations(flows, policy, hosts, options).conversations.map((one) => [one.consumer.name, one.provider.name, one.protocol, one.port].join(' ')));
  const isFlipped = (consumer: FleetHost, provider: FleetHost, protocol: 'tcp' | 'udp' | 'sctp', port: number) =>
    consumer.addresses.some((source) =>
      provider.addresses.some((destination) => {
        if (source.includes(':') !== destination.includes(':')) return false;
        return SENDERS.some((sender) => {
          const packet = { source, destination, protocol, port, sourcePort: null, ...sender };
          return before?.decideConnection(packet).verdict !== 'allowed' && after?.decideConnection(packet).verdict === 'allowed';
        });
      }),
    );
  let flipped = 0;
  for (const ref of rule.services)
    for (const consumer of hosts)
      for (const provider of hosts) {
        if (ref.kind !== 'inline' || ref.entry.kind !== 'ports' || consumer === provider) continue;
        const { protocol, from: port } = ref.entry;
        if (!seen.has([consumer.name, provider.name, protocol, port].join(' ')) && isFlipped(consumer, provider, protocol, port)) flipped++;
      }
  return flipped;
}

it('over-permission is what the simulator finds newly allowed and nobody saw', () => {
  let counted = 0;
  fc.assert(
    fc.property(anySeed, (seed) => {
      const made = arbitrarySite(seed);
      // A rule with a schedule permits only at times, which one moment cannot show.
      const site = { ...made, policy: { ...made.policy, rules: made.policy.rules.filter((rule) => rule.schedule === null) } };
      const { suggestions, totals } = suggest(site);
      for (const suggestion of suggestions) {
        expect(suggestion.neverSeen, printPeer(suggestion.rule.from)).toBe(countFlipped(site, suggestion));
        expect(suggestion.neverSeenExamples).toHaveLength(Math.min(5, suggestion.neverSeen));
        counted += suggestion.neverSeen;
      }
      expect(totals.neverSeen).toBeLessThanOrEqual(suggestions.reduce((sum, one) => sum + one.neverSeen, 0));
    }),
    { numRuns: 50 },
  );
  expect(counted).toBeGreaterThan(50);
});

it('no end is broader than the width: one env and one app, and under role only the roles that it names', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const site = arbitrarySite(seed);
      const resolver = createResolver(site.policy, site.hosts);
      const isTooBroad = (peer: Peer): boolean => {
        const { covers } = resolver.resolvePeer(peer);
        const members = site.hosts.filter((host) => covers.kind === 'hosts' && covers.ids.has(host.id));
        const distinct = (key: string) => new Set(members.map((host) => host.labels[key])).size;
        const roles = peer.kind === 'selector' ? peer.select.include.flatMap(({ terms }) => terms.flatMap((term) => (term.key === 'role' ? term.values : []))).length : 0;
        if (peer.kind === 'zone') return site.options.maxWidth !== 'zone';
        return covers.kind !== 'hosts' || distinct('app') > 1 || distinct('env') > 1 || (site.options.maxWidth === 'role' && distinct('role') > Math.max(1, roles));
      };
      const ends = suggest(site).suggestions.flatMap(({ rule, recognised }) => (recognised === null ? [rule.from, rule.to] : []));
      expect(ends.filter(isTooBroad).map(printPeer)).toEqual([]);
    }),
    RUNS,
  );
});

it('within one app nothing is permitted that was not seen, where rules of roles, labels or hosts can say so', () => {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const made = arbitrarySite(seed);
      const site: ArbitrarySite = { ...made, options: { ...made.options, maxWidth: 'role', wholeRoles: false } };
      expect(suggest(site).suggestions.filter(({ narrowed, neverSeen }) => narrowed !== null && neverSeen > 0)).toEqual([]);
    }),
    RUNS,
  );
});
