import { type Family, getAddress } from '../net/address.ts';
import type { ConnectionEnd } from './explain-ends.ts';
import type { ServiceSample } from './sample-services.ts';
import type { Sender } from './simulate-identity.ts';
import type { ConnectionDecision, Packet, Simulator } from './simulate.ts';
import { SEVERITY, type Verdict } from './simulate-program.ts';

/** The worst that can happen between two ends, and whether their other addresses and ports come to the same. */
export type DecidedPair = { readonly from: ConnectionEnd; readonly to: ConnectionEnd; readonly packet: Packet; readonly decision: ConnectionDecision; readonly agree: boolean };

/** How many pairs have which verdict, worst first; only those that occur, each with one pair. */
export type PairCounts = { readonly total: number; readonly verdicts: readonly { readonly verdict: Verdict; readonly pairs: number; readonly from: string; readonly to: string }[] };

type Asked = { readonly samples: readonly ServiceSample[]; readonly sender: Sender; readonly atMs: number };

/** Every pair of the two sides that can speak: not a host with itself, and with addresses of one family for the service. */
export function decidePairs(simulator: Simulator, sides: { readonly from: readonly ConnectionEnd[]; readonly to: readonly ConnectionEnd[] }, asked: Asked): DecidedPair[] {
  const isOne = sides.from.length * sides.to.length === 1;
  return sides.from.flatMap((from) =>
    sides.to.flatMap((to): DecidedPair[] => {
      if (!isOne && from.host !== null && from.host === to.host) return [];
      const pair = decidePair(simulator, from, to, asked);
      return pair === null ? [] : [pair];
    }),
  );
}

/** Of equally bad ones the first. Null for none. */
export const worstPair = (pairs: readonly DecidedPair[]): DecidedPair | null =>
  pairs.reduce<DecidedPair | null>((worst, pair) => (worst === null || SEVERITY[pair.decision.verdict] > SEVERITY[worst.decision.verdict] ? pair : worst), null);

export function countPairs(pairs: readonly DecidedPair[]): PairCounts {
  const groups = Map.groupBy(pairs, ({ decision }) => decision.verdict);
  const verdicts = [...groups].map(([verdict, of]) => ({ verdict, pairs: of.length, from: of[0]?.from.name ?? '', to: of[0]?.to.name ?? '' }));
  return { total: pairs.length, verdicts: verdicts.sort((a, b) => SEVERITY[b.verdict] - SEVERITY[a.verdict]) };
}

function decidePair(simulator: Simulator, from: ConnectionEnd, to: ConnectionEnd, asked: Asked): DecidedPair | null {
  let worst: Pick<DecidedPair, 'packet' | 'decision'> | null = null;
  let agree = true;
  for (const packet of listPackets(from, to, asked)) {
    const decision = simulator.decideConnection(packet);
    agree &&= worst === null || decision.verdict === worst.decision.verdict;
    if (worst === null || SEVERITY[decision.verdict] > SEVERITY[worst.decision.verdict]) worst = { packet, decision };
  }
  return worst === null ? null : { from, to, ...worst, agree };
}

/** One after the other: hosts may report thousands of addresses. */
function* listPackets(from: ConnectionEnd, to: ConnectionEnd, asked: Asked): Generator<Packet> {
  for (const source of from.addresses) for (const destination of to.addresses) for (const sample of asked.samples) yield* toPackets(source, destination, sample, asked);
}

function toPackets(source: string, destination: string, { protocol, port, family: only }: ServiceSample, { sender, atMs }: Asked): Packet[] {
  const family: Family = getAddress(source).family;
  if (family !== getAddress(destination).family || (only ?? family) !== family) return [];
  return [{ source, destination, protocol, port, sourcePort: null, atMs, ...sender }];
}
