import { hasPorts, readPort, readProtocol } from './read-fields.ts';
import type { RowParser, RowSink } from './seen-row.ts';

/** `key=value` of one direction: src, dst, sport, dport. The second of a name belongs to the answer. */
const PAIR = /\b(src|dst|sport|dport)=(\S{1,64})/g;

/**
 * `conntrack -L`, with or without `-o extended`: connections that were open at `atMs`. The first direction is that of the first packet; the
 * answer's source is the real server where the destination was translated.
 */
export function createConntrackParser(sink: RowSink, atMs: number): RowParser {
  return (line) => {
    if (line.startsWith('conntrack v')) return sink.leaveOut('skipped', 'no connection: conntrack’s own line');
    const words = line.trim().split(/\s+/, 4);
    const protocol = readProtocol((words[0] === 'ipv4' || words[0] === 'ipv6' ? words[2] : words[0]) ?? '');
    const [opening, answer] = readDirections(line);
    if (protocol === null || opening.src === undefined || opening.dst === undefined) return sink.leaveOut('refused', 'not a line of conntrack -L');
    const withPorts = hasPorts(protocol);
    const port = (text: string | undefined) => (withPorts ? readPort(text ?? '') : 0);
    return sink.take({
      from: opening.src,
      fromPort: port(opening.sport),
      to: answer.src ?? opening.dst,
      toPort: port(answer.sport ?? opening.dport),
      protocol,
      order: 'opened',
      verdict: 'accepted',
      answered: protocol !== 'tcp' || !line.includes('[UNREPLIED]'),
      atMs,
      untilMs: atMs,
      witness: '',
    });
  };
}

type Direction = Partial<Record<string, string>>;

function readDirections(line: string): [Direction, Direction] {
  const [opening, answer]: [Direction, Direction] = [{}, {}];
  for (const [, name = '', value] of line.matchAll(PAIR)) {
    const direction = Object.hasOwn(opening, name) ? answer : opening;
    if (!Object.hasOwn(direction, name)) direction[name] = value;
  }
  return [opening, answer];
}
