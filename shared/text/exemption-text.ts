import type { Exemption } from '../model/containment.ts';
import { HostName } from '../model/names.ts';
import { failed, type Parsed, parsed } from './parsed.ts';
import { parsePeer, printPeer } from './peer-text.ts';

const FORM = 'write who may go on, such as host:web1 to db1, or 10.0.0.5 to db1';

/** Reads `host:web1 to db1` and `10.0.0.5 to db1`: a host or addresses, and the host that they may go on reaching. */
export function parseExemption(text: string): Parsed<Exemption> {
  // Trimmed first: white space that two parts of the expression could take costs its square.
  const match = /^(?<from>.*\S)\s+to\s+(?<to>\S+)$/.exec(text.trim());
  const [from, to] = [match?.groups?.['from'], match?.groups?.['to']];
  if (from === undefined || to === undefined) return failed(`“${text.trim()}” is no pair; ${FORM}`);
  const peer = parsePeer(from);
  if (!peer.ok) return peer;
  if (peer.value.kind !== 'host' && peer.value.kind !== 'cidr') return failed(`“${from}” is neither one host nor addresses; ${FORM}`);
  const host = HostName.safeParse(to);
  if (!host.success) return failed(`“${to}” is no host name; ${FORM}`, text.lastIndexOf(to) + 1);
  return parsed({ from: peer.value, to: host.data });
}

export const printExemption = ({ from, to }: Exemption): string => `${printPeer(from)} to ${to}`;
