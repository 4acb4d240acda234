import { writeFileSync } from 'node:fs';
import type { Packet } from '../../shared/policy/simulate.ts';
import { getAddress } from '../../shared/net/address.ts';

const RECORD_BYTES = 38;
const PROTOCOL_NUMBERS: Partial<Record<Packet['protocol'], number>> = { tcp: 6, udp: 17, icmp: 1, icmpv6: 58 };
/** `error`: destination unreachable, which not even a quarantine refuses on the host itself. `echo`: a request, for where connection tracking has to translate it. */
const SENTINEL_TYPES = { error: { 4: 3, 6: 1 }, echo: { 4: 8, 6: 128 } } as const;

function writeAddress(record: Buffer, offset: number, text: string): 4 | 6 {
  const { family, value } = getAddress(text);
  const bytes = family === 4 ? 4 : 16;
  for (let i = 0; i < bytes; i += 1) record[offset + i] = Number((value >> BigInt(8 * (bytes - 1 - i))) & 255n);
  return family;
}

function encode(packet: Packet): Buffer {
  const protocol = PROTOCOL_NUMBERS[packet.protocol];
  if (protocol === undefined) throw new Error(`probes of ${packet.protocol} cannot be made`);
  const record = Buffer.alloc(RECORD_BYTES);
  record[0] = writeAddress(record, 2, packet.source);
  record[1] = protocol;
  writeAddress(record, 18, packet.destination);
  const isIcmp = packet.protocol === 'icmp' || packet.protocol === 'icmpv6';
  record.writeUInt16BE(isIcmp ? (packet.port ?? 0) : (packet.sourcePort ?? 0), 34);
  record.writeUInt16BE(isIcmp ? 0 : (packet.port ?? 0), 36);
  return record;
}

/** The probe file of probe.py: one record a packet, and a sentinel that rulesets let through (ICMP between the same ends). */
export function writeProbes(path: string, packets: readonly Packet[], sentinelType: keyof typeof SENTINEL_TYPES): void {
  const first = packets[0];
  if (first === undefined) throw new Error('no probes');
  const family = getAddress(first.source).family;
  const sentinel: Packet = { ...first, protocol: family === 4 ? 'icmp' : 'icmpv6', port: SENTINEL_TYPES[sentinelType][family], sourcePort: null };
  writeFileSync(path, Buffer.concat([...packets, sentinel].map(encode)));
}
