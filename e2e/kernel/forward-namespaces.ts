import { run } from './run.ts';

/** Three joined network namespaces: `outside` — `host`, the host under test, which forwards — `container`. Addresses stay in them. */
export type ForwardingNamespaces = { outside: string; host: string; container: string; remove: () => void };

/** Where the host redirects to, and the first of the container's own addresses that it hides behind its own: TEST-NET-2 and 2001:db8::/32. */
export const CONTAINER = { 4: '198.51.100.2', 6: '2001:db8:c::2' } as const;
export const hiddenAddress = (family: 4 | 6, n: number): string => (family === 4 ? `198.51.100.${100 + n}` : `2001:db8:c::${(100 + n).toString(16)}`);

const inside = (namespace: string, ...argv: string[]) => run(['ip', 'netns', 'exec', namespace, ...argv]);

export const macOf = (namespace: string, device: string): string => inside(namespace, 'cat', `/sys/class/net/${device}/address`).trim();

/** `a0` (outside) – `b0` (host), `c0` (host) – `d0` (container). Only the host has addresses; the ends send and read frames. Throws and cleans up when anything fails. */
export function createForwardingNamespaces(label: string): ForwardingNamespaces {
  const [outside, host, container] = ['a', 'b', 'c'].map((end) => `fbk-${label}-${end}`) as [string, string, string];
  const remove = () => {
    for (const namespace of [outside, host, container]) {
      try {
        run(['ip', 'netns', 'del', namespace]);
      } catch {
        // Not there: nothing to remove.
      }
    }
  };
  remove();
  try {
    for (const namespace of [outside, host, container]) run(['ip', 'netns', 'add', namespace]);
    run(['ip', '-n', outside, 'link', 'add', 'a0', 'type', 'veth', 'peer', 'name', 'b0', 'netns', host]);
    run(['ip', '-n', container, 'link', 'add', 'd0', 'type', 'veth', 'peer', 'name', 'c0', 'netns', host]);
    for (const namespace of [outside, container]) inside(namespace, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6');
    configureHost(host);
    for (const [namespace, device] of [[outside, 'a0'], [host, 'b0'], [host, 'c0'], [host, 'lo'], [container, 'd0']] as const) run(['ip', '-n', namespace, 'link', 'set', device, 'up']);
    routeBothWays(host, macOf(outside, 'a0'), macOf(container, 'd0'));
    return { outside, host, container, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

function configureHost(host: string): void {
  const settings = ['net/ipv4/ip_forward=1', 'net/ipv6/conf/all/forwarding=1', 'net/ipv4/conf/all/send_redirects=0'];
  const perDevice = ['all', 'b0', 'c0'].flatMap((device) => [`net/ipv4/conf/${device}/rp_filter=0`, `net/ipv4/conf/${device}/accept_local=1`, `net/ipv6/conf/${device}/accept_dad=0`]);
  inside(host, 'sh', '-c', [...settings, ...perDevice].map((setting) => `echo ${setting.split('=')[1]} > /proc/sys/${setting.split('=')[0]}`).join(' && '));
}

function routeBothWays(host: string, outsideMac: string, containerMac: string): void {
  for (const [device, mac, four, six] of [['b0', outsideMac, '192.0.2.1/30', '2001:db8:a::1/64'], ['c0', containerMac, '198.51.100.1/24', '2001:db8:c::1/64']] as const) {
    run(['ip', '-n', host, 'addr', 'add', four, 'dev', device]);
    run(['ip', '-n', host, 'addr', 'add', six, 'dev', device, 'nodad']);
    for (const neighbour of device === 'b0' ? ['192.0.2.2', '2001:db8:a::2'] : [CONTAINER[4], CONTAINER[6]]) run(['ip', '-n', host, 'neigh', 'add', neighbour, 'lladdr', mac, 'dev', device, 'nud', 'permanent']);
  }
  run(['ip', '-n', host, 'route', 'add', 'default', 'via', '192.0.2.2', 'dev', 'b0']);
  run(['ip', '-n', host, '-6', 'route', 'add', 'default', 'via', '2001:db8:a::2', 'dev', 'b0']);
}

/** Makes `addresses` the host's own, and nothing else beside its links; `former` are taken away. */
export function replaceAddresses(host: string, former: readonly string[], addresses: readonly string[]): void {
  const route = (verb: string, address: string) => run(['ip', '-n', host, address.includes(':') ? '-6' : '-4', 'route', verb, 'local', address, 'dev', 'lo']);
  for (const address of former) route('del', address);
  for (const address of addresses) route('add', address);
}
