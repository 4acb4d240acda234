import { expect, it } from 'vitest';
import type { FleetHost } from '../../model/host.ts';
import { createSimulator, type Packet } from '../simulate.ts';
import type { SimProtocol } from '../simulate-match.ts';
import { arbitraryPolicy } from '../testing/arbitrary-policy.ts';
import type { AskedService } from './asked-services.ts';
import { createReachIndex } from './reach-index.ts';
import { asIntruder } from './reach-world.ts';
import { spread } from './spread.ts';

const NOW_MS = Date.UTC(2026, 5, 15);
const SEEDS = Array.from({ length: 60 }, (_, i) => i + 1);
const SERVICES = ([['tcp', 22], ['tcp', 53], ['udp', 53], ['tcp', 80], ['tcp', 8005], ['udp', 123], ['tcp', 49_999]] as const).map(([protocol, port]): AskedService & { protocol: SimProtocol; port: number } => ({
  key: `${protocol}/${port}`,
  text: `${protocol}/${port}`,
  protocol,
  port,
  families: [4, 6],
  address: null,
  unit: null,
  process: null,
  basis: 'listens',
}));

it('what is judged kind by kind is what the simulator says of every pair of addresses', () => {
  let asked = 0;
  const wrong: unknown[] = [];
  for (const seed of SEEDS) {
    const { policy, hosts } = arbitraryPolicy(seed);
    const simulator = createSimulator(asIntruder(policy), hosts, { nowMs: NOW_MS });
    const index = createReachIndex({ hosts, nowMs: NOW_MS, runsOn: () => ({ policy, mode: 'enforce' }), listenersOf: () => [] });
    for (const consumer of index.parties) {
      for (const provider of index.parties) {
        const [from, to] = [consumer.host, provider.host];
        if (from === null || to === null || from === to) continue;
        for (const service of SERVICES) {
          const expected = judgeAllPairs(simulator, from, to, service);
          const actual = index.judge(consumer, provider, service);
          asked += 1;
          if (actual?.passes === true && !index.filter.mayPass(provider, service)(consumer)) wrong.push({ seed, from: from.name, to: to.name, service: service.key, filter: 'says that nothing passes' });
          if ((actual === null ? null : actual.passes && !actual.wouldBlock) !== expected) wrong.push({ seed, from: from.name, to: to.name, service: service.key, expected, actual });
        }
      }
    }
  }
  expect(wrong).toEqual([]);
  expect(asked).toBeGreaterThan(5000);
});

/** Whether some pair of addresses passes with nobody who would block; null where there is no pair. */
function judgeAllPairs(simulator: ReturnType<typeof createSimulator>, from: FleetHost, to: FleetHost, { protocol, port }: { protocol: SimProtocol; port: number }): boolean | null {
  const pairs = from.addresses.flatMap((source) => to.addresses.filter((destination) => !from.addresses.includes(destination) && source.includes(':') === destination.includes(':')).map((destination) => ({ source, destination })));
  if (pairs.length === 0) return null;
  return pairs.some((pair) => {
    const packet: Packet = { ...pair, protocol, port, sourcePort: null };
    const ends = [from.managed ? simulator.decideOutbound(from.id, packet) : null, to.managed ? simulator.decideInbound(to.id, packet) : null];
    return ends.every((end) => end === null || end.atBest === 'allowed');
  });
}

it('hops outwards and inwards tell the same: who reaches whom within so many', () => {
  for (const seed of SEEDS) {
    const { policy, hosts } = arbitraryPolicy(seed);
    const listener = { protocol: 'tcp' as const, port: 80, families: [4, 6] as const, address: null, process: null, unit: null };
    const index = createReachIndex({ hosts, nowMs: NOW_MS, runsOn: () => ({ policy, mode: 'enforce' }), listenersOf: ({ managed }) => (managed ? [listener] : null) });
    const ours = index.parties.filter(({ host }) => host !== null);
    const tell = (direction: 'out' | 'in') =>
      ours.flatMap((start) => spread(index, [start], { direction, maxHops: 99 }).map(({ party, hop, isCertain }) => (direction === 'out' ? [start.index, party.index, hop, isCertain] : [party.index, start.index, hop, isCertain]).join(' '))).sort();
    expect(tell('in'), `seed ${seed}`).toEqual(tell('out'));
  }
});
