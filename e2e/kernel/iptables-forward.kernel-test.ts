import { afterAll, beforeAll, expect, test } from 'vitest';
import { toInstant } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { getAddress, printAddress } from '../../shared/net/address.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aRule, aZone } from '../../shared/policy/testing/builders.ts';
import { CONTAINER, hiddenAddress } from './forward-namespaces.ts';
import { ForwardOracle } from './forward-oracle.ts';
import { pickForwardProbes, withEchoes } from './forward-probes.ts';
import { hasIptables, IptablesLoader, readIpsets, sayableByIptables } from './iptables-backend.ts';
import { randomSubjects } from './random-subjects.ts';

/** `npm run test:oracle` sets the figures of the nft ring; `npm test` runs this shorter cut. A seed repeats a run. */
const POLICIES = Number(process.env['FIREBREAK_IPTABLES_POLICIES'] ?? 15);
const PROBES = Number(process.env['FIREBREAK_ORACLE_PROBES'] ?? 1200);
const SEED = Number(process.env['FIREBREAK_ORACLE_SEED'] ?? Date.now() % 1_000_000_000);

let oracle: ForwardOracle;
const KIND = { program: 'legacy', table: 'security' } as const;
const isHere = hasIptables(KIND);
const loader = new IptablesLoader(KIND);
beforeAll(async () => {
  if (isHere) oracle = await ForwardOracle.start('xtf');
});
afterAll(async () => {
  await oracle?.stop();
  loader.stop();
});

const load = (policy: Policy, hosts: readonly FleetHost[], host: FleetHost, nowMs = Date.now()) =>
  oracle.reload(() => loader.load((...words) => oracle.onHost(...words), { policy, hosts, name: host.name, nowMs }), host.addresses.map((text) => printAddress(getAddress(text))));
const saved = (prefix: '' | 'miss_') => readIpsets(oracle.onHost(['ipset', 'save']), prefix);

test.skipIf(!isHere)(`simulator and kernel agree on what is redirected into containers, ${POLICIES} random policies × ${PROBES / 2} probes, seed ${SEED}`, async () => {
  const disagreements: unknown[] = [];
  const count = { probes: 0, refused: 0, rules: 0 };
  const sayable = (policy: Policy, hosts: readonly FleetHost[]) => sayableByIptables(withEchoes(policy), hosts);
  for (const { seed, random, policy, hosts, host, edges, simulator } of randomSubjects(SEED, POLICIES, sayable)) {
    load(policy, hosts, host);
    for (const family of [4, 6] as const) {
      const probes = pickForwardProbes(random, edges, { host, way: 'published', family, amount: PROBES / 4 });
      if (probes.length === 0) continue;
      const passed = await oracle.passed('published', probes);
      probes.forEach((packet, index) => {
        const decision = simulator.decideInbound(host.id, packet);
        count.probes += 1;
        if (decision.verdict === 'blocked') count.refused += 1;
        if (decision.reason === 'rule') count.rules += 1;
        if (passed.has(index) !== (decision.verdict !== 'blocked')) disagreements.push({ seed, host: host.name, packet, passed: passed.has(index), decision });
      });
    }
    if (disagreements.length > 20) break;
  }
  console.log(`iptables, redirected, seed ${SEED}: ${count.probes} probes, ${count.refused} refused, ${count.rules} decided by a rule, ${disagreements.length} disagreements`);
  expect(disagreements.slice(0, 5)).toEqual([]);
  expect(count.refused).toBeGreaterThan(count.probes / 20);
  expect(count.probes - count.refused).toBeGreaterThan(count.probes / 20);
});

const HOST = aHost({ n: 1, labels: 'app=shop,role=db', addresses: ['10.0.0.1', 'fd00::1'] });
const WEB = aHost({ n: 2, labels: 'role=web', addresses: ['10.0.0.2'] });
const udp = (source: string, destination: string, port = 5000): Packet => ({ source, destination, protocol: 'udp', port, sourcePort: 40_000 });
const closed = aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [aRule({ services: 'udp/5000' })] });

test.skipIf(!isHere)('what is redirected and what a router passes on is recorded under the ends that it has there; what is refused, apart', async () => {
  load(closed, [HOST, WEB], HOST);
  expect(await oracle.passed('published', [udp('10.0.0.2', '10.0.0.1'), udp('10.7.0.7', '10.0.0.1'), udp('10.0.0.2', '10.0.0.1', 5001)])).toEqual(new Set([0]));
  // Not addressed to the host: a router's, which no policy of the host is about.
  expect(await oracle.passed('published', [udp('10.7.0.8', CONTAINER[4])])).toEqual(new Set([0]));
  expect([...saved('miss_')].sort()).toEqual([`fwd 10.0.0.2 udp 9999 ${CONTAINER[4]}`, `fwd 10.7.0.7 udp 9999 ${CONTAINER[4]}`].sort());
  expect([...saved('')].filter((key) => key.includes(' udp ')).sort()).toEqual([`fwd 10.0.0.2 udp 9999 ${CONTAINER[4]}`, `fwd 10.7.0.8 udp 5000 ${CONTAINER[4]}`].sort());
});

test.skipIf(!isHere)('what containers send under the address of their host is recorded under their own, and not judged: the refusal says so', async () => {
  load(closed, [HOST, WEB], HOST);
  expect(await oracle.passed('masqueraded', [udp('10.0.0.1', '10.7.0.7')])).toEqual(new Set([0]));
  expect([...saved('')].filter((key) => key.includes(' udp '))).toEqual([`fwd ${hiddenAddress(4, 0)} udp 5000 10.7.0.7`]);
});

test.skipIf(!isHere)('somebody’s redirection of what was addressed to others is a router’s, too', async () => {
  load(closed, [HOST, WEB], HOST);
  oracle.nft(`add rule inet oracle into_container ip daddr 10.200.0.1 dnat ip to ${CONTAINER[4]}`);
  expect(await oracle.passed('published', [udp('10.7.0.7', '10.200.0.1')])).toEqual(new Set([0]));
});

test.skipIf(!isHere)('a quarantine stops everything that passes through, until it ends; a closed service, what is redirected to it', async () => {
  const load3 = (containment: ReturnType<typeof aQuarantine> | ReturnType<typeof aClosure>, nowMs = Date.now()) => load(aPolicy({ zones: [aZone({ mode: 'observe' })], containments: [containment] }), [HOST, WEB], HOST, nowMs);
  const ways = [['published', udp('10.7.0.7', '10.0.0.1')], ['masqueraded', udp('10.0.0.1', '10.7.0.8')], ['published', udp('10.7.0.9', CONTAINER[4])]] as const;
  load3(aQuarantine({ endsAt: toInstant(Date.now() + 3_600_000) }));
  for (const [way, packet] of ways) await expect(oracle.passed(way, [packet], 2)).rejects.toThrow('the sentinel was not seen');
  expect([...saved('miss_')].filter((key) => key.includes(' udp '))).toEqual([`fwd 10.7.0.7 udp 9999 ${CONTAINER[4]}`]);
  load3(aQuarantine({ endsAt: toInstant(Date.now() - 2000) }), Date.now() - 3_600_000);
  for (const [way, packet] of ways) expect(await oracle.passed(way, [packet])).toEqual(new Set([0]));
  load3(aClosure({ services: 'udp/5000', except: ['10.7.0.0/24 to h1'], endsAt: toInstant(Date.now() + 3_600_000) }));
  expect(await oracle.passed('published', [udp('10.7.0.7', '10.0.0.1'), udp('10.8.0.7', '10.0.0.1'), udp('10.8.0.7', '10.0.0.1', 5001)])).toEqual(new Set([0, 2]));
});
