import { createSimulator } from '../simulate.ts';
import type { Decision } from '../simulate-program.ts';
import { familyOf, type Ip, type ReadPacket } from '../simulate-match.ts';
import type { AskedService } from './asked-services.ts';
import type { Party } from './parties.ts';
import { asIntruder, type ReachWorld } from './reach-world.ts';

/** What one end says. `passes` although it would block: it only tests. */
export type EndVerdict = { readonly passes: boolean; readonly wouldBlock: boolean; readonly by: Decision['by']; readonly reason: Decision['reason'] | 'no-agent' };

/** Whether a connection can be made, by the best pair of the two's addresses. */
export type Passage = { readonly passes: boolean; readonly wouldBlock: boolean; readonly out: EndVerdict; readonly in: EndVerdict };

/** Null: the two have no addresses of one family for the service, so there is nothing to decide. */
export type PassageJudge = (consumer: Party, provider: Party, service: AskedService) => Passage | null;

const NO_AGENT: EndVerdict = Object.freeze({ passes: true, wouldBlock: false, by: null, reason: 'no-agent' });

/** Asks the simulator at both ends, each by the policy that it runs, for somebody who holds the consumer (`asIntruder`). */
export function createPassageJudge(world: ReachWorld): PassageJudge {
  const decideAt = createEndJudge(world);
  return (consumer, provider, service) => judgePair(decideAt, consumer, provider, { service, nowMs: world.nowMs });
}

type EndJudge = (party: Party, direction: 'in' | 'out', packet: ReadPacket) => EndVerdict;

function createEndJudge({ hosts, nowMs, runsOn }: ReachWorld): EndJudge {
  const policies = new Set(hosts.flatMap((host) => (host.managed ? (runsOn(host)?.policy ?? []) : [])));
  const simulators = new Map([...policies].map((policy) => [policy, createSimulator(asIntruder(policy), hosts, { nowMs })]));
  return ({ host, runs }, direction, packet) => {
    const simulator = runs === null ? undefined : simulators.get(runs.policy);
    if (host === null || runs === null || simulator === undefined) return NO_AGENT;
    const { atBest, by, reason } = simulator.programOf(host.id, direction).decide(packet);
    if (atBest === 'allowed') return { passes: true, wouldBlock: false, by, reason };
    // A containment refuses in every mode.
    const isOnlyCounted = runs.mode !== 'enforce' && reason !== 'contained';
    return { passes: isOnlyCounted, wouldBlock: isOnlyCounted, by, reason };
  };
}

function judgePair(decideAt: EndJudge, consumer: Party, provider: Party, { service, nowMs }: { readonly service: AskedService; readonly nowMs: number }): Passage | null {
  let best: Passage | null = null;
  const { protocol, port, unit } = service;
  for (const [source, destination] of listPairs(consumer, provider, service)) {
    const packet: ReadPacket = { source, destination, family: familyOf(source), protocol, port, sourcePort: null, atMs: nowMs, listener: unit };
    const [out, into] = [decideAt(consumer, 'out', packet), decideAt(provider, 'in', packet)];
    const passes = out.passes && into.passes;
    const passage: Passage = { passes, wouldBlock: passes && (out.wouldBlock || into.wouldBlock), out, in: into };
    if (best === null || weigh(passage) > weigh(best)) best = passage;
    if (passes && !passage.wouldBlock) break;
  }
  return best;
}

const weigh = ({ passes, wouldBlock }: Passage): number => (passes ? (wouldBlock ? 1 : 2) : 0);

function listPairs(consumer: Party, provider: Party, { families, address }: AskedService): [source: Ip, destination: Ip][] {
  const destinations = address === null ? provider.addresses : [address];
  return consumer.addresses.flatMap((source) => {
    const family = familyOf(source);
    if (!families.includes(family)) return [];
    return destinations.filter((destination) => familyOf(destination) === family && !consumer.own.has(destination)).map((destination): [Ip, Ip] => [source, destination]);
  });
}
