import { spawnSync } from 'node:child_process';
import { run } from './run.ts';

/** A namespace that looks like a machine with a network (address, default routes, both families), whose kernel notes every packet that any process in it sends there. */
export type WatchedNetwork = {
  /** Runs a program in it, to its end. */
  exec(argv: readonly [string, ...string[]], env?: Readonly<Record<string, string>>): { readonly code: number | null; readonly output: string };
  /** What was sent out, or to a resolver on loopback, sorted: `192.0.2.50 tcp 22`. */
  sent(): string[];
  remove(): void;
};

// Loopback is not the network; a resolver that lives there asks it on behalf of others.
const WATCH = `table inet watch {
  set sent4 { type ipv4_addr . inet_proto . inet_service; flags dynamic; size 65535; }
  set sent6 { type ipv6_addr . inet_proto . inet_service; flags dynamic; size 65535; }
  chain output {
    type filter hook output priority filter; policy accept;
    oifname "lo" th dport != 53 accept
    meta l4proto { tcp, udp } add @sent4 { ip daddr . meta l4proto . th dport }
    meta l4proto { tcp, udp } add @sent6 { ip6 daddr . meta l4proto . th dport }
  }
}`;

/** Nothing leaves the namespace: both ends of its cable are in it. Throws when the namespace cannot be made. */
export function createWatchedNetwork(label: string): WatchedNetwork {
  const name = `fbk-${label}`;
  const remove = () => void spawnSync('ip', ['netns', 'del', name]);
  remove();
  run(['ip', 'netns', 'add', name]);
  try {
    for (const words of [
      'link set lo up',
      'link add net0 type veth peer name net1',
      'link set net0 up',
      'link set net1 up',
      'addr add 192.0.2.10/32 dev net0',
      'addr add 2001:db8::10/128 dev net0 nodad',
      'neigh add 192.0.2.1 lladdr 02:00:00:00:00:01 dev net0 nud permanent',
      'neigh add 2001:db8::1 lladdr 02:00:00:00:00:01 dev net0 nud permanent',
      'route add default via 192.0.2.1 dev net0 onlink',
      '-6 route add default via 2001:db8::1 dev net0 onlink',
    ])
      run(['ip', '-n', name, ...words.split(' ')]);
    run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], WATCH);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    exec: (argv, env = {}) => {
      const done = spawnSync('ip', ['netns', 'exec', name, ...argv], { encoding: 'utf8', timeout: 300_000, maxBuffer: 64 << 20, env: { ...process.env, ...env } });
      if (done.error) throw done.error;
      return { code: done.status, output: done.stdout + done.stderr };
    },
    sent: () => {
      const listed = ['sent4', 'sent6'].map((set) => run(['ip', 'netns', 'exec', name, 'nft', '-n', 'list', 'set', 'inet', 'watch', set])).join('');
      return [...listed.matchAll(/([0-9a-f.:]+) \. (\d+) \. (\d+)/g)].map(([, address, protocol, port]) => `${address} ${{ 6: 'tcp', 17: 'udp' }[Number(protocol)]} ${port}`).sort();
    },
    remove,
  };
}
