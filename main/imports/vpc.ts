import { hasPorts, readEpochSeconds, readPort, readProtocol } from './read-fields.ts';
import { REASONS, type RowParser, type RowSink, type SeenRow } from './seen-row.ts';

/** The default format, version 2 (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html). */
const DEFAULT_FIELDS = ['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport', 'protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log-status'];
const NEEDED = ['srcport', 'dstport', 'protocol', 'start', 'action'];
const SYN = 0x02;
const ACK = 0x10;

type Read = (name: string) => string;

/** AWS VPC flow logs: the default fields, or whatever a header line names, as in files from S3. Lines from CloudWatch with a time before them are no such records. */
export function createVpcParser(sink: RowSink): RowParser {
  let names = new Map(DEFAULT_FIELDS.map((name, place) => [name, place]));
  let fault: string | null = null;
  return (line) => {
    const fields = line.trim().split(/\s+/, 64);
    if (fields.includes('srcaddr') || fields.includes('dstaddr') || fields.includes('interface-id')) {
      names = new Map(fields.map((name, place) => [name, place]));
      fault = findFault(names);
      return;
    }
    if (fault !== null) return sink.leaveOut('refused', fault);
    const read: Read = (name) => {
      const text = fields[names.get(name) ?? -1] ?? '';
      return text === '-' ? '' : text;
    };
    const status = read('log-status');
    if (status === 'NODATA' || status === 'SKIPDATA') return sink.leaveOut('skipped', status === 'NODATA' ? 'NODATA: the interface had no traffic in the interval' : 'SKIPDATA: AWS lost records of the interval');
    if (fields.length < names.size) return sink.leaveOut('refused', REASONS.fields);
    const action = read('action');
    if (action !== 'ACCEPT' && action !== 'REJECT') return sink.leaveOut('refused', 'the action is neither ACCEPT nor REJECT');
    sink.take(readRow(read, action === 'ACCEPT' ? 'accepted' : 'blocked'));
  };
}

/** Behind a NAT or a load balancer `pkt-…` are the real ends. An interface logs what comes and what goes, and both interfaces of a conversation log it. */
function readRow(read: Read, verdict: SeenRow['verdict']): SeenRow {
  const withPorts = hasPorts(readProtocol(read('protocol')) ?? '');
  return {
    from: read('pkt-srcaddr') || read('srcaddr'),
    fromPort: withPorts ? readPort(read('srcport')) : 0,
    to: read('pkt-dstaddr') || read('dstaddr'),
    toPort: withPorts ? readPort(read('dstport')) : 0,
    protocol: read('protocol'),
    order: orderOf(Number(read('tcp-flags'))),
    verdict,
    answered: true,
    atMs: readEpochSeconds(read('start')),
    untilMs: readEpochSeconds(read('end')),
    witness: read('interface-id'),
  };
}

/** Only SYN, SYN-ACK, FIN and RST are logged: 2 is the opener's, 18 the answer's; of a long connection most records have none. */
function orderOf(flags: number): SeenRow['order'] {
  if (!Number.isInteger(flags) || (flags & SYN) === 0) return 'unsure';
  return (flags & ACK) === 0 ? 'opened' : 'reply';
}

function findFault(names: ReadonlyMap<string, number>): string | null {
  const missing = NEEDED.filter((name) => !names.has(name));
  for (const end of ['srcaddr', 'dstaddr']) if (!names.has(end) && !names.has(`pkt-${end}`)) missing.push(end);
  return missing.length === 0 ? null : `the header lacks ${missing.join(', ')}; add them to the flow log’s format`;
}
