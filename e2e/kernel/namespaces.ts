import { run } from './run.ts';

/** Two joined network namespaces: `outside` sends and watches, `host` is the host under test and owns every address of the probe ranges. */
export type NamespacePair = { outside: string; host: string; device: string; hostMac: string; remove: () => void };

const inside = (namespace: string, ...argv: string[]) => run(['ip', 'netns', 'exec', namespace, ...argv]);

/** Probe addresses lie in 10.0.0.0/8 and fd00::/16 only, and never leave these namespaces. Throws and cleans up when anything fails. */
export function createNamespacePair(label: string): NamespacePair {
  const outside = `fbk-${label}-a`;
  const host = `fbk-${label}-b`;
  const remove = () => {
    for (const namespace of [outside, host]) {
      try {
        run(['ip', 'netns', 'del', namespace]);
      } catch {
        // Not there: nothing to remove.
      }
    }
  };
  remove();
  try {
    run(['ip', 'netns', 'add', outside]);
    run(['ip', 'netns', 'add', host]);
    run(['ip', '-n', outside, 'link', 'add', 'a0', 'type', 'veth', 'peer', 'name', 'b0', 'netns', host]);
    configureHost(host);
    run(['ip', '-n', outside, 'link', 'set', 'lo', 'up']);
    run(['ip', '-n', outside, 'link', 'set', 'a0', 'up']);
    inside(outside, 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6');
    const macOf = (namespace: string, device: string) => inside(namespace, 'cat', `/sys/class/net/${device}/address`).trim();
    routeOut(host, macOf(outside, 'a0'));
    return { outside, host, device: 'a0', hostMac: macOf(host, 'b0'), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** AnyIP: every address of the probe ranges is local, so one namespace can play each host of a policy. Short conntrack timeouts keep the shared table small. */
function configureHost(host: string): void {
  for (const setting of [
    'net/ipv4/conf/all/rp_filter=0',
    'net/ipv4/conf/default/rp_filter=0',
    'net/ipv4/conf/b0/rp_filter=0',
    'net/ipv4/conf/all/accept_local=1',
    'net/ipv6/conf/b0/accept_ra=0',
    'net/ipv6/conf/b0/accept_dad=0',
    'net/ipv4/icmp_echo_ignore_all=1',
    'net/ipv6/icmp/echo_ignore_all=1',
  ]) {
    const [key, value] = setting.split('=');
    inside(host, 'sh', '-c', `echo ${value} > /proc/sys/${key}`);
  }
  for (const device of ['lo', 'b0']) run(['ip', '-n', host, 'link', 'set', device, 'up']);
  run(['ip', '-n', host, 'route', 'add', 'local', '10.0.0.0/8', 'dev', 'lo']);
  run(['ip', '-n', host, '-6', 'route', 'add', 'local', 'fd00::/16', 'dev', 'lo']);
}

/** Marked packets (outbound probes) take a table of their own that leads out, past the AnyIP routes. */
function routeOut(host: string, gatewayMac: string): void {
  run(['ip', '-n', host, 'addr', 'add', '192.0.2.1/30', 'dev', 'b0']);
  run(['ip', '-n', host, 'addr', 'add', '2001:db8::1/64', 'dev', 'b0', 'nodad']);
  run(['ip', '-n', host, 'neigh', 'add', '192.0.2.2', 'lladdr', gatewayMac, 'dev', 'b0', 'nud', 'permanent']);
  run(['ip', '-n', host, 'neigh', 'add', '2001:db8::2', 'lladdr', gatewayMac, 'dev', 'b0', 'nud', 'permanent']);
  for (const [family, gateway] of [['-4', '192.0.2.2'], ['-6', '2001:db8::2']] as const) {
    run(['ip', '-n', host, family, 'rule', 'add', 'pref', '10', 'fwmark', '0x77', 'lookup', '77']);
    run(['ip', '-n', host, family, 'rule', 'add', 'pref', '20', 'lookup', 'local']);
    run(['ip', '-n', host, family, 'rule', 'del', 'pref', '0']);
    run(['ip', '-n', host, family, 'route', 'add', 'default', 'via', gateway, 'dev', 'b0', 'table', '77']);
  }
}

/** Conntrack settings exist only once a rule uses conntrack in the namespace; call after the first load. */
export function shortenConntrack(host: string): void {
  const settings = ['tcp_timeout_syn_sent=1', 'udp_timeout=1', 'icmp_timeout=1', 'icmpv6_timeout=1', 'generic_timeout=1'];
  inside(host, 'sh', '-c', settings.map((setting) => `echo ${setting.split('=')[1]} > /proc/sys/net/netfilter/nf_conntrack_${setting.split('=')[0]}`).join('; '));
}
