import { type AddressRange, containsAddress } from '../net/range-set.ts';
import type { Address } from '../net/address.ts';
import type { PortSet } from '../net/port-set.ts';
import { PORT_PROTOCOLS } from './read-values.ts';
import type { Condition } from './rule-file.ts';

/** The first packet of a new connection to the host. `to` null: which of its addresses is not known. `port`: where it goes, or the ICMP type; null where the protocol has neither. */
export type NewPacket = { readonly from: Address; readonly to: Address | null; readonly protocol: number; readonly port: number | null; /** A rule may have taken it out of what the kernel follows. */ readonly mayBeUntracked?: boolean };
/** `why`: on what it depends. */
export type Match = { readonly holds: 'yes' | 'no' } | { readonly holds: 'maybe'; readonly why: string };

export const WHICH_ADDRESS = 'to which of its addresses it goes';
const LOOPBACK = { 4: [127n << 24n, (128n << 24n) - 1n], 6: [1n, 1n] } as const;
/** Nothing comes there from the network. */
const isLoopback = ({ family, first, last }: AddressRange): boolean => first >= LOOPBACK[family][0] && last <= LOOPBACK[family][1];

const YES: Match = { holds: 'yes' };
const NO: Match = { holds: 'no' };
const certain = (holds: boolean): Match => (holds ? YES : NO);
const maybe = (why: string): Match => ({ holds: 'maybe', why });
const hasPort = (ports: PortSet, port: number): boolean => ports.some(({ from, to }) => port >= from && port <= to);

/** What is implied and not turned around (the family, the protocol) is asked first. */
export function matchCondition(condition: Condition, packet: NewPacket): Match {
  switch (condition.kind) {
    case 'always':
      return certain(condition.holds);
    case 'tracked':
      return packet.mayBeUntracked === true ? maybe('whether the kernel follows it (notrack)') : certain(condition.holds);
    case 'unknown':
      return maybe(condition.reason);
    case 'family':
      return certain((condition.family === packet.from.family) !== condition.not);
    case 'protocol':
      return certain((condition.family === null || condition.family === packet.from.family) && condition.numbers.includes(packet.protocol) !== condition.not);
    case 'source':
      return certain((condition.family === null || condition.family === packet.from.family) && containsAddress(condition.ranges, packet.from) !== condition.not);
    case 'destination':
      if (condition.family !== null && condition.family !== packet.from.family) return NO;
      if (packet.to === null) return condition.ranges.every(isLoopback) ? certain(condition.not) : maybe(WHICH_ADDRESS);
      return certain(containsAddress(condition.ranges, packet.to) !== condition.not);
    case 'port':
      return certain(packet.port !== null && PORT_PROTOCOLS.includes(packet.protocol) && condition.protocols.includes(packet.protocol) && hasPort(condition.ports, packet.port) !== condition.not);
    case 'sourcePort':
      return condition.protocols.includes(packet.protocol) && PORT_PROTOCOLS.includes(packet.protocol) ? maybe('the port that the sender chooses') : NO;
    case 'type':
      return certain(packet.protocol === condition.protocol && packet.port !== null && hasPort(condition.types, packet.port) !== condition.not);
    case 'interface':
      return maybe(`arrives ${condition.not ? 'not ' : ''}on ${condition.names.slice(0, 3).join(', ')}`);
    case 'oneOf':
      return matchOneOf(condition.tuples, condition.not, packet);
  }
}

/** All of them: one “no” decides, whatever else is not known. */
export function matchAll(conditions: readonly Condition[], packet: NewPacket): Match {
  let open: Match = YES;
  for (const condition of conditions) {
    const match = matchCondition(condition, packet);
    if (match.holds === 'no') return NO;
    if (match.holds === 'maybe' && open.holds === 'yes') open = match;
  }
  return open;
}

function matchOneOf(tuples: readonly (readonly Condition[])[], not: boolean, packet: NewPacket): Match {
  let open: Match = NO;
  for (const tuple of tuples) {
    const match = matchAll(tuple, packet);
    if (match.holds === 'yes') return certain(!not);
    if (match.holds === 'maybe') open = match;
  }
  return open.holds === 'maybe' ? open : certain(not);
}
