import type { AgentFacts } from '../../../shared/contract/agent-replies.ts';

type Listener = AgentFacts['listening'][number];

/** Facts of a host that listens on these TCP ports of all addresses and has `addresses` on eth0. */
export const someFacts = ({ ports = [], addresses = [] }: { ports?: readonly number[]; addresses?: readonly string[] } = {}): AgentFacts => ({
  v: 1,
  hostname: 'x',
  machineId: '',
  bootId: '',
  clock: 0,
  os: { id: 'debian', version: '12', name: '' },
  kernel: '6.1.0',
  arch: 'x86_64',
  nftVersion: '',
  shell: '',
  systemd: true,
  addresses: addresses.map((address) => ({ interface: 'eth0', family: address.includes(':') ? 6 : 4, address, prefix: 24, scope: 'global' })),
  ssh: null,
  resolvers: [],
  timeServers: [],
  listening: ports.map((port): Listener => ({ protocol: 'tcp', address: '0.0.0.0', port, process: `p${port}`, pid: 1, uid: 0, user: 'root', unit: null })),
  firewalls: [],
  features: {},
  timers: [],
});
