import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { toInstant } from '../../shared/model/containment.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { HOST_COMMANDS } from '../../shared/policy/export/iptables-host.ts';
import type { Packet } from '../../shared/policy/simulate.ts';
import { aClosure, aHost, aPolicy, aQuarantine, aRule, aZone } from '../../shared/policy/testing/builders.ts';
import { type Cleanups, createHitlessNetwork, hitlessPolicy, replaceUnderTraffic } from './hitless-traffic.ts';
import { hasIptables, IptablesLoader, readIpsets } from './iptables-backend.ts';
import { KernelOracle } from './oracle.ts';
import { run } from './run.ts';

const REPLACEMENTS = Number(process.env['FIREBREAK_REPLACEMENTS'] ?? 20);
const HOST = aHost({ n: 1, labels: 'app=shop,role=db', addresses: ['10.0.0.1', 'fd00::1'] });
const HOSTS = [HOST, aHost({ n: 2, labels: 'role=web', addresses: ['10.0.0.2', 'fd00::2'] })];
const BASE = aPolicy({ zones: [aZone()], rules: [aRule({ services: 'udp/5000' })] });

let oracle: KernelOracle;
const KIND = { program: 'legacy', table: 'security' } as const;
const isHere = hasIptables(KIND);
const loader = new IptablesLoader(KIND);
beforeAll(async () => {
  if (isHere) oracle = await KernelOracle.start('xtl');
});
afterAll(async () => {
  await oracle?.stop();
  loader.stop();
});

const onHost: KernelOracle['onHost'] = (...words) => oracle.onHost(...words);
const load = (policy: Policy, hosts: readonly FleetHost[] = HOSTS) => oracle.reload(() => loader.load(onHost, { policy, hosts, name: 'h1' }));
const rules = () => loader.run(onHost, 'iptables -t $t -S; ip6tables -t $t -S; ipset list -n');
const saved = () => oracle.onHost(['ipset', 'save']);
const udp = (source: string, sourcePort: number, destination: string, port: number): Packet => ({ source, sourcePort, destination, port, protocol: 'udp' });
const inAnHour = toInstant(Date.now() + 3_600_000);
/** Longer than a test takes; the oracle forgets within a second otherwise. */
const rememberUdp = (seconds: number) => oracle.onHost(['sh', '-c', `echo ${seconds} > /proc/sys/net/netfilter/nf_conntrack_udp_timeout`]);

test.skipIf(!isHere)('a deny rule leaves live connections alone; a closed service and a quarantine cut them, but not what the host itself began until the host is shut', async () => {
  const [into, back] = [udp('10.0.0.2', 40_000, '10.0.0.1', 5000), udp('10.0.0.1', 5000, '10.0.0.2', 40_000)];
  const [own, answer] = [udp('10.0.0.1', 5000, '10.0.0.2', 7000), udp('10.0.0.2', 7000, '10.0.0.1', 5000)];
  const another = udp('10.0.0.2', 40_001, '10.0.0.1', 5000);
  load(BASE);
  rememberUdp(60);
  expect(await oracle.inbound([into])).toEqual(new Set([0]));
  expect(await oracle.outbound([back, own], true)).toEqual(new Set([0, 1]));
  expect(await oracle.inbound([answer], true)).toEqual(new Set([0]));
  load({ ...BASE, rules: [...BASE.rules, aRule({ n: 2, action: 'deny', services: 'udp/5000' })] });
  expect(await oracle.inbound([into, another, answer], true)).toEqual(new Set([0, 2]));
  load({ ...BASE, containments: [aClosure({ services: 'udp/5000', endsAt: inAnHour })] });
  expect(await oracle.inbound([into, another, answer], true)).toEqual(new Set([2]));
  expect(await oracle.outbound([own], true)).toEqual(new Set([0]));
  load({ ...BASE, containments: [aQuarantine({ endsAt: inAnHour })] });
  expect(await oracle.inbound([into, another, answer], true)).toEqual(new Set());
  expect(await oracle.outbound([own, back], true)).toEqual(new Set());
  rememberUdp(1);
});

test.skipIf(!isHere)('sets that are full let nothing through and keep nothing out, and what was lost is counted', async () => {
  load({ ...BASE, rules: [aRule({ from: '10.8.0.0/16', services: 'udp/5000' })] });
  const full = ['fb_in4', 'fb_miss_in4'].flatMap((set) => Array.from({ length: 16_384 }, (_, i) => `add ${set} 10.${200 + (i >> 13)}.${(i >> 5) & 255}.${i & 31},udp:9`));
  oracle.onHost(['ipset', '-exist', 'restore'], `${full.join('\n')}\n`);
  // A hash that is full still takes some: the kernel counts by parts of it.
  const [allowed, denied] = ([8, 9] as const).map((net) => Array.from({ length: 300 }, (_, i) => udp(`10.${net}.${i >> 7}.${i & 127}`, 40_000, '10.0.0.1', 5000))) as [Packet[], Packet[]];
  const passed = await oracle.inbound([...allowed, ...denied]);
  expect([...passed].filter((index) => index < allowed.length).length).toBe(allowed.length);
  expect([...passed].filter((index) => index >= allowed.length)).toEqual([]);
  const [recorded, refused] = [readIpsets(saved(), ''), readIpsets(saved(), 'miss_')];
  const notIn = (set: ReadonlySet<string>, packets: readonly Packet[]) => packets.filter(({ source }) => !set.has(`in ${source} udp 5000`)).length;
  const lost = (chain: string) => Number(loader.run(onHost, `iptables -t $t -nvxL ${chain} | grep lost_in`).trim().split(/\s+/)[0]);
  expect([lost('FB-REC-IN'), lost('FB-MREC-IN')]).toEqual([notIn(recorded, allowed), notIn(refused, denied)]);
  expect(Math.min(notIn(recorded, allowed), notIn(refused, denied))).toBeGreaterThan(20);
});

test.skipIf(!isHere)('what is recorded counts each new connection, and goes on to count over a reload', async () => {
  load(BASE);
  const again = (from: number) => Array.from({ length: 3 }, (_, i) => udp('10.0.0.2', from + i, '10.0.0.1', 5000));
  await oracle.inbound(again(41_000));
  oracle.reload(() => void loader.run(onHost, `${HOST_COMMANDS.load} || exit 1`));
  await oracle.inbound(again(42_000));
  expect(/^add fb_in4 10\.0\.0\.2,udp:5000 timeout \d+ packets (\d+) /m.exec(saved())?.[1]).toBe('6');
});

describe('accounts', () => {
  const SEND = 'import os, socket, sys; os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[1]))\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.2", int(sys.argv[3])))';
  const sends = (uid: number, gid: number, port: number): boolean => {
    try {
      oracle.onHost(['python3', '-c', SEND, String(uid), String(gid), String(port)]);
      return true;
    } catch (error) {
      // The kernel tells a sender of what its own host drops.
      if (String(error).includes('PermissionError')) return false;
      throw error;
    }
  };
  const to = (services: string, as: string, n: number, action: 'allow' | 'deny' = 'allow') => aRule({ n, from: 'role=db', to: '192.0.2.2/32', services, as, action });

  test.skipIf(!isHere)('a rule for a user or group holds for what they send, and for nobody else', () => {
    const open = aRule({ n: 4, from: 'role=db', to: '192.0.2.2/32', services: 'udp/5003' });
    load(aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [to('udp/5001', 'user:nobody', 1), to('udp/5002', 'group:daemon', 2), to('udp/5003', 'user:4242', 3, 'deny'), open] }));
    // The bystander of this oracle lets only marked packets out of the host.
    oracle.nft('flush chain inet oracle silence');
    expect([sends(65_534, 65_534, 5001), sends(0, 0, 5001), sends(65_534, 65_534, 5002), sends(65_534, 1, 5002), sends(0, 0, 5003), sends(4242, 4242, 5003)]).toEqual([true, false, false, true, true, false]);
  });

  test.skipIf(!isHere)('one that is not there keeps everything from being loaded, with its name said, and what was there stays', () => {
    load(BASE);
    const before = rules();
    const policy = aPolicy({ zones: [aZone({ outbound: 'restricted' })], rules: [to('udp/5001', 'user:no-such-user', 1)] });
    expect(() => loader.load(onHost, { policy, hosts: HOSTS, name: 'h1' })).toThrow(/no-such-user/);
    expect(rules().split('\n').filter((line) => !line.startsWith('fb_a'))).toEqual(before.split('\n').filter((line) => !line.startsWith('fb_a')));
  });
});

test.skipIf(!isHere)('taking it away leaves nothing', () => {
  load(BASE);
  expect(rules()).toContain('-A INPUT -j FB-IN');
  loader.run(onHost, HOST_COMMANDS.remove.join('\n'));
  expect(rules().split('\n').filter((line) => /FB-|fb_/.test(line))).toEqual([]);
});

describe('under traffic', () => {
  const cleanups: Cleanups = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  test.skipIf(!isHere)(`${REPLACEMENTS} replacements let no forbidden packet through and lose no allowed one, whatever the kind of set, and keep a stream`, async () => {
    const pair = createHitlessNetwork('xth', cleanups);
    const here: KernelOracle['onHost'] = (argv, input, env = {}) => run(['ip', 'netns', 'exec', pair.host, 'env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), ...argv], input);
    const replaceTo = async (n: number) => {
      const { policy, host } = hitlessPolicy(n);
      loader.load(here, { policy, hosts: [host], name: host.name });
      // As long as an agent takes to apply and confirm: packets of each kind come in between.
      await new Promise((resolve) => setTimeout(resolve, 150));
    };
    await replaceTo(0);
    await replaceUnderTraffic(pair, REPLACEMENTS, replaceTo, cleanups);
    const refused = [...readIpsets(run(['ip', 'netns', 'exec', pair.host, 'ipset', 'save']), 'miss_')];
    expect(refused.filter((key) => key.startsWith('in 10.0.4.') && key.includes(' udp ')).length).toBeGreaterThan(0);
    expect(refused.filter((key) => key.includes(' tcp '))).toEqual([]);
  });
});
