import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { LineProgram, run } from '../kernel/run.ts';

/** A host and everybody else, in two joined namespaces that nothing leaves. */
export type FloodWorld = { readonly outside: string; readonly host: string; readonly hostMac: string; remove(): void };

const FLOOD = new URL('./flood.py', import.meta.url).pathname;
/** Peers with a right to connect are 10.210.1.1 to .PEERS and, for each fifth, fd00:210::1:N. The flood's sources are elsewhere. */
export const PEERS = 80;

/** Makes the namespaces; throws and cleans up when anything fails. All of 10.0.0.0/8 and fd00::/8 lies behind the host's one device. */
export function openFloodWorld(label: string): FloodWorld {
  const [outside, host] = [`fbf-${process.pid}-${label}-o`, `fbf-${process.pid}-${label}-h`];
  const remove = () => {
    for (const namespace of [outside, host]) if (existsSync(`/run/netns/${namespace}`)) run(['ip', 'netns', 'del', namespace]);
  };
  try {
    for (const namespace of [outside, host]) run(['ip', 'netns', 'add', namespace]);
    run(['ip', '-n', outside, 'link', 'add', 'v0', 'type', 'veth', 'peer', 'name', 'v0', 'netns', host]);
    for (const namespace of [outside, host]) {
      for (const key of ['all', 'default', 'v0'])
        inside(namespace, 'sh', '-c', `echo 0 >/proc/sys/net/ipv4/conf/${key}/rp_filter; echo 0 >/proc/sys/net/ipv6/conf/${key}/accept_ra`);
      for (const device of ['lo', 'v0']) run(['ip', '-n', namespace, 'link', 'set', device, 'up']);
    }
    const macOf = (namespace: string) => inside(namespace, 'cat', '/sys/class/net/v0/address').trim();
    addAddresses(host, ['10.210.0.1/24', 'fd00:210::1/64'], macOf(outside), ['10.210.0.2', 'fd00:210::2']);
    addAddresses(outside, ['10.210.0.2/24', 'fd00:210::2/64'], macOf(host), ['10.210.0.1', 'fd00:210::1']);
    for (const [family, net, gateway] of [
      ['-4', '10.0.0.0/8', '10.210.0.2'],
      ['-6', 'fd00::/8', 'fd00:210::2'],
    ] as const) {
      run(['ip', '-n', host, family, 'route', 'add', net, 'via', gateway, 'dev', 'v0']);
    }
    const peers = Array.from({ length: PEERS }, (_, i) => `addr add 10.210.1.${i + 1}/32 dev v0\naddr add fd00:210::1:${i + 1}/128 dev v0 nodad\n`);
    run(['ip', '-n', outside, '-batch', '-'], peers.join(''));
    return { outside, host, hostMac: macOf(host), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

const inside = (namespace: string, ...argv: string[]) => run(['ip', 'netns', 'exec', namespace, ...argv]);

function addAddresses(namespace: string, addresses: readonly string[], otherMac: string, others: readonly string[]): void {
  for (const address of addresses) run(['ip', '-n', namespace, 'addr', 'add', address, 'dev', 'v0', ...(address.includes(':') ? ['nodad'] : [])]);
  for (const other of others) run(['ip', '-n', namespace, 'neigh', 'replace', other, 'lladdr', otherMac, 'dev', 'v0', 'nud', 'permanent']);
}

/** A role of flood.py in a namespace; its lines are JSON. */
export const startRole = (namespace: string, ...words: string[]): LineProgram =>
  new LineProgram(['ip', 'netns', 'exec', namespace, 'python3', FLOOD, ...words]);

const Connects = z.object({ connected: z.number(), failed: z.number(), p50Us: z.number(), p99Us: z.number(), maxUs: z.number() });
export type Connects = z.infer<typeof Connects>;

/** Connects from peers `first` to `last` in turn for some seconds (0: once from each). */
export async function connectFrom(world: FloodWorld, first: number, last: number, seconds: number): Promise<Connects> {
  const program = startRole(world.outside, 'connect', String(first), String(last), String(seconds));
  const line = await program.nextLine();
  await program.stop();
  return Connects.parse(JSON.parse(line));
}

const Scan = z.object({ frames: z.number(), seconds: z.number() });

/** Makes the frames first, then sends them while `during` runs; resolves when both are over. */
export async function scanWhile<T>(world: FloodWorld, sources: number, during: () => Promise<T>): Promise<{ scan: z.infer<typeof Scan>; result: T }> {
  const program = startRole(world.outside, 'scan', 'v0', world.hostMac, String(sources));
  await program.nextLine();
  const ended = program.ask('go');
  const result = await during();
  const scan = Scan.parse(JSON.parse(await ended));
  await program.stop();
  return { scan, result };
}

/** What the whole machine's kernel holds, in kB: the nearest thing to “memory of the sets” there is, with everybody else's noise in it. */
export function readKernelMemoryKb(): { slab: number; percpu: number } {
  const text = readFileSync('/proc/meminfo', 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
  return { slab: of('Slab'), percpu: of('Percpu') };
}

/** Entries that conntrack holds for the host's namespace, and how many there may be. */
export function readConntrack(world: FloodWorld): { count: number; max: number } {
  const read = (name: string) => Number(inside(world.host, 'cat', `/proc/sys/net/netfilter/nf_conntrack_${name}`));
  return { count: read('count'), max: read('max') };
}
