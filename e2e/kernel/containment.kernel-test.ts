import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '../../shared/model/containment.ts';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { KernelOracle } from './oracle.ts';
import { readRefused } from './refused-set.ts';

const HOUR_MS = 3_600_000;
const HOST = aHost({ n: 1, labels: 'app=shop', addresses: ['10.0.0.1'], resolvers: ['10.0.0.53'] });
const HOSTS = [HOST, aHost({ n: 2, addresses: ['10.0.0.2'] })];

let oracle: KernelOracle;
beforeAll(async () => {
  oracle = await KernelOracle.start('con');
});
afterAll(async () => {
  await oracle?.stop();
});

const inPacket = (source: string, protocol: Packet['protocol'], port: number): Packet => ({ source, destination: '10.0.0.1', protocol, port, sourcePort: 40_000 });
const outPacket = (destination: string, protocol: Packet['protocol'], port: number, sourcePort = 40_000): Packet => ({ source: '10.0.0.1', destination, protocol, port, sourcePort });
const load = (policy: Parameters<typeof compileHost>[0], nowMs = Date.now()) => oracle.load(printBundle(compileHost(policy, HOSTS, hostId(1), { nowMs }), { policyVersion: 1 }).text);
const passed = async (all: readonly Packet[], direction: 'inbound' | 'outbound') => {
  const which = await oracle[direction](all);
  return all.filter((_, i) => which.has(i)).map(({ protocol, port, source, destination }) => `${direction === 'inbound' ? source : destination} ${protocol}/${port}`);
};

const IN = [inPacket('10.9.9.9', 'tcp', 22), inPacket('10.0.0.2', 'tcp', 22), inPacket('10.0.0.2', 'udp', 9000), inPacket('10.0.0.2', 'icmp', 8), inPacket('10.0.0.2', 'icmp', 3)];
const OUT = [outPacket('10.9.9.9', 'tcp', 40_001, 22), outPacket('10.0.0.53', 'udp', 53), outPacket('10.0.0.2', 'tcp', 5432), outPacket('10.0.0.2', 'icmp', 11)];

test('a quarantined host that observes lets through SSH from its console and ICMP errors, and counts the rest as refused', async () => {
  load(aPolicy({ containments: [aQuarantine({ endsAt: toInstant(Date.now() + HOUR_MS) })] }));
  expect(await passed(IN, 'inbound')).toEqual(['10.9.9.9 tcp/22', '10.0.0.2 icmp/3']);
  expect(await passed(OUT, 'outbound')).toEqual(['10.9.9.9 tcp/40001', '10.0.0.2 icmp/11']);
  expect([...readRefused(oracle.listTable())].sort()).toEqual(['in 10.0.0.2 icmp 0', 'in 10.0.0.2 tcp 22', 'in 10.0.0.2 udp 9000', 'out 10.0.0.2 tcp 5432', 'out 10.0.0.53 udp 53']);
});

test('after its end the same rules let everything through, by the host’s own clock', async () => {
  const endedMs = Date.now() - 2000;
  load(aPolicy({ containments: [aQuarantine({ endsAt: toInstant(endedMs) })] }), endedMs - HOUR_MS);
  expect(await passed(IN, 'inbound')).toHaveLength(IN.length);
  expect(await passed(OUT, 'outbound')).toHaveLength(OUT.length);
});

test('a closed service is closed to all but the exempted pairs, and nothing else is', async () => {
  const closure = aClosure({ services: 'udp/9000', except: ['host:h2 to h1', '10.7.0.0/24 to h1', '10.0.0.4 to h2'], endsAt: toInstant(Date.now() + HOUR_MS) });
  load(aPolicy({ zones: [aZone({ mode: 'observe' })], containments: [closure] }));
  const all = [inPacket('10.0.0.2', 'udp', 9000), inPacket('10.7.0.200', 'udp', 9000), inPacket('10.0.0.3', 'udp', 9000), inPacket('10.0.0.4', 'udp', 9000), inPacket('10.0.0.3', 'udp', 9001)];
  expect(await passed(all, 'inbound')).toEqual(['10.0.0.2 udp/9000', '10.7.0.200 udp/9000', '10.0.0.3 udp/9001']);
  expect(await passed([outPacket('10.0.0.3', 'udp', 9000)], 'outbound')).toEqual(['10.0.0.3 udp/9000']);
});
