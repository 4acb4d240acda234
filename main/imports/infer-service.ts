import type { DirectionBasis } from '../../shared/model/flow-source.ts';
import { hasPorts } from './read-fields.ts';
import type { SeenRow } from './seen-row.ts';

/** Whether `turned`: the row's `to` is the consumer, and the row tells of answers. `port` is the provider's, 0 for protocols without ports. */
export type Service = { turned: boolean; port: number; basis: DirectionBasis };
/** Whether something listens there by the facts of a host of the workspace. Addresses are canonical. */
export type IsListening = (address: string, protocol: string, port: number) => boolean;

/** Services above 1023 whose port says what they are (IANA service names, and the defaults of widely used servers). */
const KNOWN_PORTS = new Set([
  1194, 1433, 1434, 1521, 1701, 1723, 1812, 1813, 1883, 1900, 2049, 2181, 2375, 2376, 2379, 2380, 3000, 3128, 3260, 3268, 3269, 3306, 3389, 3478, 4369, 4500, 4505, 4506, 5000, 5044, 5060, 5061, 5222, 5353, 5355, 5432, 5601, 5666,
  5671, 5672, 5900, 5985, 5986, 6379, 6443, 6514, 6667, 7000, 7001, 8000, 8008, 8080, 8081, 8086, 8088, 8089, 8123, 8140, 8200, 8300, 8301, 8443, 8472, 8500, 8834, 8883, 9000, 9042, 9090, 9092, 9093, 9100, 9200, 9300, 9389, 9418,
  10050, 10051, 10250, 11211, 15672, 25565, 26379, 27017, 27018, 51820, 61616,
]);
/** The first port that Linux (ip_local_port_range) gives to clients; others (IANA, Windows) begin at 49152. */
const FIRST_EPHEMERAL = 32_768;

const isKnown = (port: number): boolean => (port > 0 && port < 1024) || KNOWN_PORTS.has(port);
const isServing = (port: number): boolean => port > 0 && port < FIRST_EPHEMERAL;

/**
 * Who provides, and on which port, by the surest sign that the row has. Where the log only says who sent first and the ports say the
 * opposite, the ports are believed: a sensor that came in the middle saw the answer first. `from` and `to` are canonical.
 */
export function inferService(from: string, to: string, protocol: string, row: Ports & Pick<SeenRow, 'order'>, isListening: IsListening): Service {
  const { order } = row;
  if (!hasPorts(protocol)) return { turned: order === 'reply', port: 0, basis: order === 'opened' ? 'opening' : order === 'unsure' ? 'unknown' : 'sensor' };
  if (order === 'opened') return { turned: false, port: row.toPort, basis: 'opening' };
  if (order === 'reply') return { turned: true, port: row.fromPort, basis: 'opening' };
  const [fromListens, toListens] = [isListening(from, protocol, row.fromPort), isListening(to, protocol, row.toPort)];
  if (fromListens !== toListens) return aside(row, fromListens, 'listener');
  const [fromKnown, toKnown] = [isKnown(row.fromPort), isKnown(row.toPort)];
  if (order === 'first' && !(fromKnown && !toKnown)) return aside(row, false, 'sensor');
  if (fromKnown !== toKnown) return aside(row, fromKnown, 'known-port');
  if (isServing(row.fromPort) || isServing(row.toPort)) return byLowerPort(row);
  return aside(row, false, 'unknown');
}

type Ports = Pick<SeenRow, 'fromPort' | 'toPort'>;
const aside = (row: Ports, turned: boolean, basis: DirectionBasis): Service => ({ turned, port: turned ? row.fromPort : row.toPort, basis });

function byLowerPort(row: Ports): Service {
  if (row.fromPort === row.toPort) return aside(row, false, 'unknown');
  const turned = row.fromPort > 0 && (row.toPort === 0 || row.fromPort < row.toPort);
  return aside(row, turned, 'lower-port');
}
