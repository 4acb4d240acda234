import { expect } from 'vitest';
import { z } from 'zod';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Policy } from '../../shared/model/policy.ts';
import { aHost, aPolicy, aRule, aZone, anIpList } from '../../shared/policy/testing/builders.ts';
import { createNamespacePair, type NamespacePair } from './namespaces.ts';
import { LineProgram, run } from './run.ts';

const SENDER = '192.0.2.2';
const HOST = '192.0.2.1';

/** Each through a kind of set that every replacement makes anew; `published` is redirected to a container. traffic.py has their packets. */
const KINDS = ['addresses', 'networks', 'ranges', 'published'] as const;
const PORTS = { host: [5000, 5001, 5111, ...Array.from({ length: 21 }, (_, i) => 5090 + i)], container: [6300] };

/**
 * Policy `n`: the allowed are always inside, the forbidden never, and everything around them differs each time: single addresses (a hash set),
 * networks (an interval set), port ranges (an interval set). TCP goes by single addresses too.
 */
export function hitlessPolicy(n: number): { readonly policy: Policy; readonly host: FleetHost } {
  const odd = Array.from({ length: 125 }, (_, i) => `10.0.1.${1 + 2 * i}/32`);
  const noise = Array.from({ length: 40 }, (_, i) => `10.${100 + (n % 50)}.${i}.${(n * 7 + i) % 250}/32`);
  const networks = Array.from({ length: 40 }, (_, i) => `10.${160 + (n % 50)}.${i}.0/${25 + ((n + i) % 4)}`);
  const host = aHost({ n: 1, labels: 'role=db', addresses: ['10.0.9.9', HOST], consoles: ['203.0.113.9'] });
  const policy = aPolicy({
    zones: [aZone({ name: 'data', select: 'role=db', mode: 'enforce' })],
    ipLists: [anIpList('addresses', [`${SENDER}/32`, ...odd, ...noise]), anIpList('networks', ['10.0.3.0/24', ...networks])],
    rules: [
      aRule({ n: 1, from: 'iplist:addresses', to: 'role=db', services: n % 2 === 0 ? 'udp/5000' : `udp/5000,udp/${6000 + (n % 100)}` }),
      aRule({ n: 2, from: 'iplist:networks', to: 'role=db', services: 'udp/5001' }),
      aRule({ n: 3, from: '10.0.5.0/24', to: 'role=db', services: `udp/5090-5110,udp/${6100 + (n % 100)}-6500` }),
      aRule({ n: 4, from: 'iplist:addresses', to: 'role=db', services: n % 2 === 0 ? 'udp/5300' : `udp/5300,udp/${6000 + (n % 100)}` }),
      aRule({ n: 5, from: 'iplist:addresses', to: 'role=db', services: n % 3 === 0 ? 'tcp/7000-7001' : `tcp/7000,tcp/7001,tcp/${8000 + (n % 100)}` }),
      aRule({ n: 6, action: 'deny', from: '10.0.2.0/25', to: 'role=db', services: `udp/5000-${5001 + (n % 9)}` }),
    ],
  });
  return { policy, host };
}

/** A namespace behind the host, to whose port 6300 the host redirects its own 5300. Gives its name. */
function addContainer(host: string): string {
  const name = `${host}-c`;
  const steps = [
    `ip netns add ${name}`,
    `ip -n ${host} link add c0 type veth peer name d0 netns ${name}`,
    `ip -n ${host} addr add 198.51.100.1/24 dev c0`,
    `ip -n ${name} addr add 198.51.100.2/24 dev d0`,
    `ip -n ${host} link set c0 up`,
    `ip -n ${name} link set d0 up`,
    `ip -n ${name} route add default via 198.51.100.1`,
    `ip netns exec ${host} sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'`,
    `ip netns exec ${host} nft 'add table ip nat; add chain ip nat pre { type nat hook prerouting priority dstnat; }; add rule ip nat pre fib daddr type local udp dport 5300 dnat to 198.51.100.2:6300'`,
  ];
  run(['sh', '-ec', steps.join('\n')]);
  return name;
}

const Counts = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

/** What is undone when a test ends, last first. */
export type Cleanups = (() => unknown)[];

/** A host with a container behind it, and somebody outside. */
export function createHitlessNetwork(label: string, cleanups: Cleanups): NamespacePair & { readonly container: string } {
  const pair = createNamespacePair(label);
  cleanups.push(() => pair.remove());
  run(['ip', '-n', pair.outside, 'addr', 'add', `${SENDER}/30`, 'dev', pair.device]);
  const container = addContainer(pair.host);
  cleanups.push(() => run(['ip', 'netns', 'del', container]));
  return { ...pair, container };
}

/**
 * Has `replaceTo` put in policies 1 to `replacements` one after the other, while packets of each kind, connections and a stream go on. Policy 0 must be there. Expects that
 * nothing forbidden got through, nothing allowed was lost, and the stream went on.
 */
export async function replaceUnderTraffic(pair: ReturnType<typeof createHitlessNetwork>, replacements: number, replaceTo: (n: number) => unknown, cleanups: Cleanups): Promise<void> {
  const start = (namespace: string, ...words: string[]) => {
    const program = new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', new URL('./traffic.py', import.meta.url).pathname, ...words]);
    cleanups.push(() => program.stop());
    return program;
  };
  const counters = [start(pair.host, 'udp-count', ...PORTS.host.map(String)), start(pair.container, 'udp-count', ...PORTS.container.map(String))];
  const serve = start(pair.host, 'tcp-serve');
  await Promise.all([...counters, serve].map((program) => program.nextLine()));
  const stream = start(pair.outside, 'tcp-stream', HOST);
  await stream.nextLine();
  const connect = start(pair.outside, 'tcp-connect', HOST);
  const send = start(pair.outside, 'udp-send', pair.device, pair.hostMac);

  for (let n = 1; n <= replacements; n += 1) await replaceTo(n);

  const stopped = async (program: LineProgram) => Counts.parse(JSON.parse(await program.ask('stop')));
  const sent = Number((await stopped(send))['sent']);
  const [connected, streamed] = [await stopped(connect), await stopped(stream)];
  const received = await Promise.all(counters.map(stopped));
  const sum = (key: string) => received.reduce((total, counts) => total + Number(counts[key]), 0);
  const results = KINDS.map((kind) => ({ kind, forbidden: sum(`${kind} forbidden`), lost: sent - sum(kind) }));
  for (const { kind, forbidden, lost } of results) console.log(`${kind}: ${replacements} replacements, ${sent} allowed and ${sent} forbidden packets sent, ${forbidden} forbidden let through, ${lost} allowed lost`);
  console.log(`connects ${JSON.stringify(connected)}; stream ${JSON.stringify(streamed)}`);
  expect(sent).toBeGreaterThan(1000);
  expect(results).toEqual(KINDS.map((kind) => ({ kind, forbidden: 0, lost: 0 })));
  expect(connected['failed']).toBe(0);
  expect(streamed['broken']).toBe('');
  expect(Number(streamed['lines'])).toBeGreaterThan(100);
}
