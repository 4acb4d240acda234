import type { AgentWitness, WitnessPoint } from '../contract/agent-replies.ts';
import type { ReachTry, Sighting } from '../model/reach-proof.ts';
import { canonicalText } from '../net/address.ts';

export type SightingsOf = (tried: { readonly source: string; readonly destination: string; readonly port: number; readonly ownPort: number | null }) => Pick<ReachTry, 'sent' | 'left' | 'arrived' | 'entered'>;

/**
 * What two witnesses say of a try. Where the tool told the connection's own port it is that SYN alone. Else it is one of those that the source sent between the same ends meanwhile:
 * what is true of all of them is true of it, and `mixed` is what is not. Null is an end without a witness. Pure.
 */
export function createSightings(source: AgentWitness | null, destination: AgentWitness | null): SightingsOf {
  const [atSource, atDestination] = [readSeen(source), readSeen(destination)];
  return ({ source: from, destination: to, port, ownPort }) => {
    const key = `${from} ${to} ${port}`;
    const own = ownPort === null ? (atSource?.get(`sent ${key}`) ?? new Set<number>()) : new Set([ownPort]);
    const at = (seen: Seen | null, point: WitnessPoint): Sighting => {
      if (seen === null || (ownPort === null && atSource === null)) return 'unknown';
      const there = seen.get(`${point} ${key}`) ?? new Set<number>();
      const found = [...own].filter((one) => there.has(one)).length;
      return found === 0 ? 'no' : found === own.size ? 'yes' : 'mixed';
    };
    return { sent: at(atSource, 'sent'), left: at(atSource, 'left'), arrived: at(atDestination, 'arrived'), entered: at(atDestination, 'entered') };
  };
}

/** Point and ends → own ports of the connections. */
type Seen = ReadonlyMap<string, ReadonlySet<number>>;

/** Null where a set was full: what is missing then says nothing. */
function readSeen(witness: AgentWitness | null): Seen | null {
  if (witness === null || witness.full) return null;
  const seen = new Map<string, Set<number>>();
  for (const [point, source, sourcePort, destination, port] of witness.seen) {
    const key = `${point} ${canonicalText(source) ?? source} ${canonicalText(destination) ?? destination} ${port}`;
    const ports = seen.get(key) ?? new Set();
    seen.set(key, ports.add(sourcePort));
  }
  return seen;
}
