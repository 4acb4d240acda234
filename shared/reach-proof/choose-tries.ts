import type { FleetHost } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, PolicyTest } from '../model/policy.ts';
import type { ReachTry } from '../model/reach-proof.ts';
import { getAddress } from '../net/address.ts';
import { describeTest } from '../policy/describe.ts';
import { findEnds, type ConnectionEnd } from '../policy/explain-ends.ts';
import type { ReachWorld } from '../policy/reach/reach-world.ts';
import { samplesOf } from '../policy/sample-services.ts';
import { expandServices } from '../policy/service-match.ts';
import { zoneOfHosts } from '../policy/zones.ts';
import { createRandom, type Random } from '../seeded-random.ts';
import { printPeer } from '../text/peer-text.ts';
import { createTryJudge, type TryJudge } from './judge-try.ts';

/** Pairs of hosts of one policy test and port; addresses of one try at most in each family. */
const PAIRS_A_TEST = 3;
/** Of all: each takes up to two seconds. */
export const MAX_TRIES = 240;
export const MAX_SAMPLE = 100;

/** `policy` is that of the newest pushed version. `absent` says why a host takes no part; null where it does. */
export type ProofWorld = ReachWorld & { readonly policy: Policy; readonly absent: (host: FleetHost) => string | null };
export type ProofChoice = { readonly zone: string | null; readonly sample: number; readonly seed: number };
export type ChosenTry = Pick<ReachTry, 'test' | 'from' | 'fromZone' | 'source' | 'to' | 'toZone' | 'destination' | 'port' | 'expect' | 'untried'>;

type Chooser = { readonly world: ProofWorld; readonly judge: TryJudge; readonly random: Random; readonly zoneOf: (host: FleetHost) => string; readonly zone: string | null };

/**
 * What is to be tried: first the policy tests, between up to three pairs of hosts each, then `sample` pairs drawn from the zones, allowed and forbidden ones by what their ends run.
 * A test of which nothing can be tried gives one row that says why. The same world, choice and seed give the same tries. Pure.
 */
export function chooseTries(world: ProofWorld, { zone, sample, seed }: ProofChoice): { tries: ChosenTry[]; notes: string[] } {
  const zones = zoneOfHosts(world.policy, world.hosts);
  const chooser: Chooser = { world, judge: createTryJudge(world), random: createRandom(seed), zoneOf: ({ id }) => zones.get(id)?.zone?.name ?? '', zone };
  const tests = world.policy.tests.flatMap((test) => triesOfTest(chooser, test));
  const sampled = drawSample(chooser, sample, new Set(tests.map(keyOf)));
  const all = [...tests, ...sampled];
  const pairs = new Set(sampled.map(({ from, to, port }) => `${from} ${to} ${port}`)).size;
  return {
    tries: all.slice(0, MAX_TRIES),
    notes: [
      ...(pairs < sample ? [`The zones gave ${pairs} of ${sample} pairs that at least one end enforces and whose answer depends on nothing that a try cannot show.`] : []),
      ...(all.length > MAX_TRIES ? [`${all.length - MAX_TRIES} tries beyond ${MAX_TRIES} were left out; name a zone, or a smaller sample.`] : []),
    ],
  };
}

const keyOf = ({ source, destination, port }: Pick<ChosenTry, 'source' | 'destination' | 'port'>): string => `${source} ${destination} ${port}`;

function triesOfTest(chooser: Chooser, test: PolicyTest): ChosenTry[] {
  const { world, zone, zoneOf } = chooser;
  const pairs = shuffle(chooser.random, pairsOf(chooser, test)).filter(({ from, to }) => zone === null || zoneOf(from.host) === zone || zoneOf(to.host) === zone);
  if (pairs.length === 0) return zone === null ? [untriedTest(test, 'no two hosts of this workspace are its ends')] : [];
  const samples = samplesOf(expandServices([test.service], world.policy.services));
  const ports = samples.flatMap(({ protocol, port }) => (protocol === 'tcp' && port !== null && port > 0 ? [port] : []));
  if (ports.length === 0) return [untriedTest(test, 'only TCP is tried: nothing else answers by itself')];
  const able = pairs.filter(({ from, to }) => world.absent(from.host) === null && world.absent(to.host) === null);
  return (able.length > 0 ? able : pairs).slice(0, PAIRS_A_TEST).flatMap((pair) => ports.flatMap((port) => tryTest(chooser, test, pair, port)));
}

type Pair = { readonly from: ConnectionEnd & { host: FleetHost }; readonly to: ConnectionEnd & { host: FleetHost } };

function pairsOf({ world }: Chooser, test: PolicyTest): Pair[] {
  const [from, to] = [test.from, test.to].map((peer) => {
    const ends = findEnds(printPeer(peer), world.policy, world.hosts);
    return ends.ok ? ends.value.flatMap((end) => (end.host === null ? [] : [{ ...end, host: end.host }])) : [];
  });
  return (from ?? []).flatMap((one) => (to ?? []).flatMap((other) => (one.host.id === other.host.id ? [] : [{ from: one, to: other }])));
}

function tryTest(chooser: Chooser, test: PolicyTest, { from, to }: Pair, port: number): ChosenTry[] {
  return addressPairs(chooser.random, from.addresses, to.addresses).map(([source, destination]) => {
    const { verdict, isCertain, enforced } = chooser.judge(from.host, to.host, { source, destination, port });
    const unfit = chooser.world.absent(from.host) ?? chooser.world.absent(to.host);
    const open = test.expect === 'deny' && !enforced && verdict !== 'blocked' ? `neither ${from.host.name} nor ${to.host.name} enforces rules for it yet` : null;
    const doubt = isCertain ? null : 'it depends on a user, group or unit, and tries are made as root in a session of SSH';
    return { ...endsOf(chooser, from.host, to.host), test: describeTest(test), source, destination, port, expect: test.expect, untried: unfit ?? doubt ?? open ?? '' };
  });
}

const untriedTest = (test: PolicyTest, untried: string): ChosenTry => ({ test: describeTest(test), from: '', fromZone: '', source: '', to: '', toZone: '', destination: '', port: 0, expect: test.expect, untried });

const endsOf = ({ zoneOf }: Chooser, from: FleetHost, to: FleetHost) => ({ from: from.name, fromZone: zoneOf(from), to: to.name, toZone: zoneOf(to) });

/** One pair of addresses for each family that both have. */
function addressPairs(random: Random, sources: readonly string[], destinations: readonly string[]): [string, string][] {
  return ([4, 6] as const).flatMap((family) => {
    const [source, destination] = [sources, destinations].map((addresses) => pick(random, addresses.filter((address) => getAddress(address).family === family)));
    return source === undefined || destination === undefined ? [] : [[source, destination] as [string, string]];
  });
}

/** Rounds over all pairs of zones, in an order that the seed gives: each gives an allowed and a forbidden pair where it has them, until there are enough. */
function drawSample(chooser: Chooser, sample: number, taken: Set<string>): ChosenTry[] {
  const { world, random, zone, zoneOf } = chooser;
  const able = world.hosts.filter((host) => zoneOf(host) !== '' && world.absent(host) === null).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const byZone = Map.groupBy(able, zoneOf);
  const names = [...byZone.keys()].toSorted();
  const cells = shuffle(random, names.flatMap((a) => names.map((b) => [a, b] as const)).filter(([a, b]) => zone === null || a === zone || b === zone));
  const ports = portsOf(world);
  const drawn: ChosenTry[] = [];
  let pairs = 0;
  for (let round = 0; round < ROUNDS && pairs < sample; round += 1) {
    for (const [a, b] of cells) {
      const [from, to] = [pick(random, byZone.get(a) ?? []), pick(random, byZone.get(b) ?? [])];
      if (from === undefined || to === undefined || from.id === to.id) continue;
      for (const expect of ['allow', 'deny'] as const) {
        const tries = pairs < sample ? drawPair(chooser, { from, to, expect }, ports(to.id), taken) : [];
        drawn.push(...tries);
        pairs += tries.length === 0 ? 0 : 1;
      }
    }
  }
  return drawn;
}
const ROUNDS = 12;

/** The first port, in an order that the seed gives, that the ends allow or forbid as wanted in every family. */
function drawPair(chooser: Chooser, { from, to, expect }: { from: FleetHost; to: FleetHost; expect: 'allow' | 'deny' }, ports: readonly number[], taken: Set<string>): ChosenTry[] {
  const addresses = addressPairs(chooser.random, from.addresses, to.addresses);
  for (const port of shuffle(chooser.random, ports)) {
    const tries = addresses.map(([source, destination]) => ({ ...endsOf(chooser, from, to), test: '', source, destination, port, expect, untried: '' }));
    const fits = tries.every((one) => {
      const { verdict, isCertain, enforced, isPlain } = chooser.judge(from, to, one);
      return isCertain && isPlain && (expect === 'deny' ? verdict === 'blocked' : verdict === 'allowed' && enforced) && !taken.has(keyOf(one));
    });
    if (tries.length === 0 || !fits) continue;
    for (const one of tries) taken.add(keyOf(one));
    return tries;
  }
  return [];
}

/** What rules name, what listens on the host, and one port that nobody should use. */
function portsOf({ policy, listenersOf, hosts }: ProofWorld): (host: HostId) => number[] {
  const named = policy.rules.flatMap(({ services }) => samplesOf(expandServices(services, policy.services))).flatMap(({ protocol, port }) => (protocol === 'tcp' && port !== null && port > 0 ? [port] : []));
  const byId = new Map(hosts.map((host) => [host.id, host]));
  return (id) => {
    const host = byId.get(id);
    const listening = (host === undefined ? null : listenersOf(host))?.flatMap(({ protocol, port }) => (protocol === 'tcp' ? [port] : [])) ?? [];
    return [...new Set([...named, ...listening, NOBODYS_PORT])].toSorted((a, b) => a - b);
  };
}
/** tcpmux (RFC 1078), which nothing runs. */
const NOBODYS_PORT = 1;

const pick = <T>(random: Random, list: readonly T[]): T | undefined => (list.length === 0 ? undefined : list[random.below(list.length)]);

function shuffle<T>(random: Random, list: readonly T[]): T[] {
  const left = [...list];
  return list.flatMap(() => left.splice(random.below(left.length), 1));
}
