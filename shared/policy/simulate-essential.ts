import type { FleetHost } from '../model/host.ts';
import { Cidr } from '../model/peer.ts';
import { ESSENTIAL_ICMP_TYPES } from './essential.ts';
import { type Ip, type ReadPacket, readIp } from './simulate-match.ts';

/** Which locked row let a packet through. */
export type EssentialReason = 'loopback' | 'management' | 'icmp' | 'dhcp' | 'resolvers';

/** The essential block of one host, read from the host and not from what was printed; null when no row of it matches. */
export type EssentialReader = {
  readonly inbound: (packet: ReadPacket) => EssentialReason | null;
  readonly outbound: (packet: ReadPacket) => EssentialReason | null;
};

/** Networks that the locked rows name on every host. */
export const SPECIAL_NETWORKS: readonly Cidr[] = ['127.0.0.0/8', '::1', 'fe80::/10', 'ff02::1:2'].map((text) => Cidr.parse(text));

/** Ports that they name, but for that of SSH, which each host has its own of. */
export const ESSENTIAL_PORTS: readonly number[] = [53, 67, 68, 123, 546, 547];

const FE80 = readIp('fe80::');
const ALL_DHCP_SERVERS = readIp('ff02::1:2');
const LOOPBACK_V6 = readIp('::1');

/** `toIp` reads addresses, which are the same on many hosts. */
export function createEssentialReader(host: FleetHost, toIp: (text: string) => Ip): EssentialReader {
  const consoles = new Set(host.management.consoleAddresses.map(toIp));
  const resolvers = new Set(host.resolvers.map(toIp));
  const timeServers = new Set(host.timeServers.map(toIp));
  const own = new Set(host.addresses.map(toIp));
  const { sshPort } = host.management;
  return {
    inbound: (packet) => {
      // What is redirected to a container is neither for the host's own sshd nor for its DHCP client.
      if (packet.isForwarded) return isEssentialIcmp(packet) ? 'icmp' : null;
      if (isLoopback(packet.source)) return 'loopback';
      if (packet.protocol === 'tcp' && packet.port === sshPort && consoles.has(packet.source)) return 'management';
      if (isEssentialIcmp(packet)) return 'icmp';
      if (packet.protocol !== 'udp') return null;
      if (packet.family === 4) return packet.sourcePort === 67 && packet.port === 68 ? 'dhcp' : null;
      return packet.sourcePort === 547 && packet.port === 546 && isLinkLocal(packet.source) ? 'dhcp' : null;
    },
    outbound: (packet) => {
      if (!packet.isForwarded && (isLoopback(packet.destination) || own.has(packet.destination))) return 'loopback';
      if (!packet.isForwarded && packet.protocol === 'tcp' && packet.sourcePort === sshPort && consoles.has(packet.destination)) return 'management';
      if (isEssentialIcmp(packet)) return 'icmp';
      if (packet.port === 53 && (packet.protocol === 'udp' || packet.protocol === 'tcp') && resolvers.has(packet.destination)) return 'resolvers';
      if (packet.protocol !== 'udp') return null;
      if (packet.port === 123 && timeServers.has(packet.destination)) return 'resolvers';
      if (packet.family === 4) return packet.sourcePort === 68 && packet.port === 67 ? 'dhcp' : null;
      const isToServer = isLinkLocal(packet.destination) || packet.destination === ALL_DHCP_SERVERS;
      return packet.sourcePort === 546 && packet.port === 547 && isToServer ? 'dhcp' : null;
    },
  };
}

const isLoopback = (ip: Ip): boolean => (typeof ip === 'number' ? Math.floor(ip / 2 ** 24) === 127 : ip === LOOPBACK_V6);

const isLinkLocal = (ip: Ip): boolean => typeof ip === 'bigint' && typeof FE80 === 'bigint' && ip >> 118n === FE80 >> 118n;

function isEssentialIcmp(packet: ReadPacket): boolean {
  if (packet.protocol === 'igmp') return packet.family === 4;
  if (packet.protocol !== (packet.family === 4 ? 'icmp' : 'icmpv6')) return false;
  return packet.port !== null && ESSENTIAL_ICMP_TYPES[packet.family].includes(packet.port);
}
