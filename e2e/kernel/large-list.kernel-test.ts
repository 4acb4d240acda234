import { afterAll, beforeAll, expect, test } from 'vitest';
import { compileHost } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { aHost, anIpList, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { KernelOracle } from './oracle.ts';

const NETWORKS = 10_000;
const PROBES = 2_000;

let oracle: KernelOracle;
beforeAll(async () => {
  oracle = await KernelOracle.start('lst');
});
afterAll(async () => {
  await oracle?.stop();
});

/** The `n`-th network of either family; its neighbour, of the same size, is in no list. */
const v4 = (n: number, last: number) => `10.${Math.floor(n / 256)}.${n % 256}.${last}`;
const v6 = (n: number, half: '0' | '8') => `fd00:0:${n.toString(16)}:${half}000::${(n % 7) + 1}`;
const probe = (source: string): Packet => ({ source, destination: source.includes(':') ? 'fd00:ffff::1' : '10.200.0.1', protocol: 'tcp', port: 443, sourcePort: 40_000 });

test(`a list of ${NETWORKS} networks of each family compiles, loads, and lets in exactly those`, async () => {
  const networks = Array.from({ length: NETWORKS }, (_, n) => [`${v4(n, 0)}/25`, `fd00:0:${n.toString(16)}::/49`]).flat();
  const host = aHost({ n: 1, labels: 'role=db', addresses: ['10.200.0.1', 'fd00:ffff::1'], consoles: ['203.0.113.9'] });
  const policy = aPolicy({
    zones: [aZone({ name: 'data', select: 'role=db', outbound: 'restricted' })],
    ipLists: [anIpList('partners', networks)],
    rules: [aRule({ n: 1, from: 'iplist:partners', to: 'role=db', services: 'tcp/443' }), aRule({ n: 2, from: 'role=db', to: 'iplist:partners', services: 'tcp/443' })],
  });
  const began = performance.now();
  const { text } = printBundle(compileHost(policy, [host], hostId(1), { nowMs: Date.UTC(2026, 10, 21) }), { policyVersion: 1 });
  const compiledMs = performance.now() - began;
  oracle.load(text);
  console.log(`${NETWORKS} networks a family: compiled and printed in ${compiledMs.toFixed(0)} ms, ${Math.round(text.length / 1024)} KB, flushed and loaded in ${(performance.now() - began - compiledMs).toFixed(0)} ms`);
  // Input, forward, output and postrouting look into the same two sets.
  expect([...text.matchAll(/^\tset a[46]_[0-9a-f]+ /gm)]).toHaveLength(2);

  const numbers = Array.from({ length: PROBES / 2 }, (_, i) => (i * 7_919) % NETWORKS);
  for (const make of [(n: number, isIn: boolean) => v4(n, isIn ? (n * 31) % 128 : 128 + ((n * 31) % 128)), (n: number, isIn: boolean) => v6(n, isIn ? '0' : '8')]) {
    const passed = await oracle.inbound(numbers.flatMap((n) => [probe(make(n, true)), probe(make(n, false))]));
    expect([...passed].sort((a, b) => a - b)).toEqual(numbers.map((_, i) => 2 * i));
  }
});
