import { readIsoTime, readPort } from './read-fields.ts';
import { fieldObject, fieldText, type JsonObject, parseJsonObject } from './read-json.ts';
import { REASONS, type RowParser, type RowSink, type SeenRow } from './seen-row.ts';

const SYN = 0x02;
const ACK = 0x10;
const RST = 0x04;
const MAX_EVENT_TYPES = 64;

/** Suricata's eve.json: `flow` events, one a connection, and `netflow` events, one a direction. All others tell of parts of connections and are skipped. */
export function createSuricataParser(sink: RowSink): RowParser {
  const eventTypes = new Set<string>();
  return (line) => {
    const event = parseJsonObject(line);
    if (event === null) return sink.leaveOut('refused', REASONS.json);
    const kind = fieldText(event, 'event_type');
    if (kind === 'flow' || kind === 'netflow') return sink.take(readEvent(event, kind));
    if (/^[a-z0-9_]{1,32}$/.test(kind) && eventTypes.size < MAX_EVENT_TYPES) eventTypes.add(kind);
    return sink.leaveOut('skipped', eventTypes.has(kind) ? `no flow: an event of type ${kind}` : 'no flow: an event of no known type');
  };
}

function readEvent(event: JsonObject, kind: 'flow' | 'netflow'): SeenRow {
  const protocol = fieldText(event, 'proto').toLowerCase();
  const order = kind === 'flow' ? orderOfFlow(event) : orderOfNetflow(event);
  const body = fieldObject(event, kind);
  const atMs = readIsoTime(fieldText(body, 'start') || fieldText(event, 'timestamp'));
  // ICMP events have no ports; Suricata leaves the fields out.
  const port = (name: string) => (Object.hasOwn(event, name) ? readPort(fieldText(event, name)) : 0);
  return {
    from: fieldText(event, 'src_ip'),
    fromPort: port('src_port'),
    to: fieldText(event, 'dest_ip'),
    toPort: port('dest_port'),
    protocol,
    order,
    verdict: fieldText(body, 'action') === 'drop' ? 'blocked' : 'accepted',
    answered: protocol !== 'tcp' || (kind === 'netflow' ? order !== 'opened' && !isRefusal(event, 'tcp_flags') : fieldText(body, 'pkts_toclient') !== '0' && !isRefusal(event, 'tcp_flags_tc')),
    atMs,
    untilMs: readIsoTime(fieldText(body, 'end')),
    witness: kind,
  };
}

const flagsOf = (event: JsonObject, name: string): number => Number.parseInt(fieldText(fieldObject(event, 'tcp'), name), 16) || 0;

/** A reset and nothing else: a closed port. */
const isRefusal = (event: JsonObject, name: string): boolean => flagsOf(event, name) === (RST | ACK);

/** The source of a flow is who sent its first packet that was seen; with a SYN towards the server, or an answer to it, he opened it. */
function orderOfFlow(event: JsonObject): SeenRow['order'] {
  const isOpened = (flagsOf(event, 'tcp_flags_ts') & SYN) !== 0 || (flagsOf(event, 'tcp_flags_tc') & (SYN | ACK)) === (SYN | ACK);
  return isOpened ? 'opened' : 'first';
}

/** Flags are gathered over the direction: a SYN without any ACK can only be that of an opener whom nobody answered, as far as this direction tells; all others have both. */
function orderOfNetflow(event: JsonObject): SeenRow['order'] {
  const flags = flagsOf(event, 'tcp_flags');
  return (flags & SYN) !== 0 && (flags & ACK) === 0 ? 'opened' : 'unsure';
}
