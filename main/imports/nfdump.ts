import { hasPorts, readIsoTime, readPort, readProtocol } from './read-fields.ts';
import { REASONS, type RowParser, type RowSink, type SeenRow } from './seen-row.ts';

/** Names of the columns in nfdump 1.6 and 1.7 (`-o csv`), and in 1.7.3 and later. */
const NAMES = {
  start: ['ts', 'firstSeen', 'first'],
  end: ['te', 'lastSeen', 'last'],
  from: ['sa', 'srcAddr', 'src4Addr', 'src6Addr'],
  to: ['da', 'dstAddr', 'dst4Addr', 'dst6Addr'],
  fromPort: ['sp', 'srcPort'],
  toPort: ['dp', 'dstPort'],
  protocol: ['pr', 'proto'],
  flags: ['flg', 'flags', 'tcpFlags'],
  exporter: ['ra', 'router', 'ipRouter'],
} as const;
type Column = keyof typeof NAMES;
type Columns = ReadonlyMap<Column, number>;
const NEEDED: readonly Column[] = ['start', 'from', 'to', 'fromPort', 'toPort', 'protocol'];
const MAX_COLUMNS = 256;

/** nfdump's CSV: one row a direction, with the flags of the whole direction; files may be joined, each with its header and summary. Times have no zone and are taken as UTC. */
export function createNfdumpParser(sink: RowSink): RowParser {
  let columns: Columns | null = null;
  let isSummary = false;
  return (line) => {
    if (line.startsWith('No matching flows')) return sink.leaveOut('skipped', 'no flow: nfdump says that none matched');
    const fields = line.split(',', MAX_COLUMNS).map((field) => field.trim());
    const named = /^\d/.test(line) ? null : readColumns(fields);
    if (named !== null) {
      columns = named;
      // The next of several files that were joined.
      isSummary = false;
      return;
    }
    if (isSummary || line === 'Summary') {
      isSummary = true;
      return sink.leaveOut('skipped', 'no flow: nfdump’s summary');
    }
    if (columns === null) return sink.leaveOut('refused', 'a row before the line that names the columns; export with: nfdump -o csv');
    if (NEEDED.some((name) => (columns?.get(name) ?? 0) >= fields.length)) return sink.leaveOut('refused', REASONS.fields);
    return sink.take(readRow(columns, fields));
  };
}

function readRow(columns: Columns, fields: readonly string[]): SeenRow {
  const read = (name: Column): string => fields[columns.get(name) ?? -1] ?? '';
  const protocol = readProtocol(read('protocol')) ?? '';
  const withPorts = hasPorts(protocol);
  const order = protocol === 'tcp' ? orderOfFlags(read('flags')) : isEchoReply(protocol, read('toPort')) ? 'reply' : 'unsure';
  return {
    from: read('from'),
    fromPort: withPorts ? readPort(read('fromPort')) : 0,
    to: read('to'),
    toPort: withPorts ? readPort(read('toPort')) : 0,
    protocol,
    order,
    verdict: 'accepted',
    answered: order !== 'opened' && !(protocol === 'tcp' && isRefusal(read('flags'))),
    atMs: readIsoTime(read('start')),
    untilMs: readIsoTime(read('end')),
    witness: read('exporter'),
  };
}

/** Flags are gathered over the whole direction: a SYN without an ACK is an opener that nobody answered (if somebody did, the row of the answer says so), both together are either end. */
const orderOfFlags = (flags: string): SeenRow['order'] => (flags.includes('S') && !flags.includes('A') ? 'opened' : 'unsure');

/** A reset and nothing that a conversation has: a closed port. */
const isRefusal = (flags: string): boolean => flags.includes('R') && !/[SFP]/.test(flags);

/** Type and code are in the port column, as `type.code` or as 256 × type + code. Echo replies: type 0, and 129 in IPv6. */
function isEchoReply(protocol: string, text: string): boolean {
  const type = text.includes('.') ? Number(text.split('.')[0]) : Math.floor(Number(text) / 256);
  return (protocol === 'icmp' && type === 0) || (protocol === 'icmpv6' && type === 129);
}

/** Null where the line names no columns. */
function readColumns(fields: readonly string[]): Columns | null {
  const found = new Map<Column, number>();
  for (const column of NEEDED_AND_MORE) {
    const place = fields.findIndex((field) => NAMES[column].some((name) => name === field));
    if (place >= 0) found.set(column, place);
  }
  return NEEDED.every((column) => found.has(column)) ? found : null;
}

const NEEDED_AND_MORE: readonly Column[] = [...NEEDED, 'end', 'flags', 'exporter'];
