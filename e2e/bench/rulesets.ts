import { compileHost, compileObserve } from '../../shared/policy/compile.ts';
import { printBundle } from '../../shared/policy/print.ts';
import { aHost, anIpList, aPolicy, aRule, aZone, hostId } from '../../shared/policy/testing/builders.ts';
import { type Arena, CLIENT, inServer, PORT, SERVER } from './arena.ts';
import type { CapturedFirewall } from './other-firewalls.ts';

/** One way to set up the server's namespace. */
export type Ruleset = { readonly name: string; load(arena: Arena): void };

const SIZES = [10, 1_000, 10_000] as const;
const host = aHost({ n: 1, labels: 'role=db', addresses: [SERVER], consoles: ['203.0.113.9'] });

const dotted = (value: number) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
const TEN = 10 * 2 ** 24;
/** `count` addresses, no two beside each other, the client last. */
const peers = (count: number): string[] => [...Array.from({ length: count - 1 }, (_, i) => `${dotted(TEN + 2 * i + 1)}/32`), `${CLIENT}/32`];
/** `count` networks, no two beside each other, the client's last. */
const networks = (count: number): string[] => [...Array.from({ length: count - 1 }, (_, i) => `${dotted(TEN + 512 * i)}/24`), '10.200.0.0/24'];

/** The product's own compiler and printer. */
function enforceBundle(cidrs: readonly string[]): string {
  const policy = aPolicy({
    zones: [aZone({ name: 'data', select: 'role=db', mode: 'enforce' })],
    ipLists: [anIpList('peers', [...cidrs])],
    rules: [aRule({ n: 1, from: 'iplist:peers', to: 'role=db', services: `tcp/${PORT}` })],
  });
  return printBundle(compileHost(policy, [host], hostId(1), { nowMs: Date.UTC(2026, 10, 21) }), { policyVersion: 1 }).text;
}

const nft = (name: string, text: () => string): Ruleset => ({ name, load: (arena) => void inServer(arena, ['nft', '-f', '-'], text()) });

/** What any stateful firewall costs. */
const CONNTRACK_ONLY = `table inet conntrack_only {
	chain input { type filter hook input priority filter; policy accept; ct state established,related accept; ct state new accept; }
	chain output { type filter hook output priority filter; policy accept; ct state established,related accept; ct state new accept; }
}
`;

/** The same policy as people write it with iptables: one rule an address, the client's last, so that its packets walk all of them. */
function linearChain(program: 'iptables-legacy-restore' | 'iptables-nft-restore', count: number): Ruleset {
  const lines = peers(count).map((cidr) => `-A INPUT -s ${cidr} -p tcp --dport ${PORT} -j ACCEPT`);
  const text = [
    '*filter',
    ':INPUT DROP [0:0]',
    ':FORWARD DROP [0:0]',
    ':OUTPUT ACCEPT [0:0]',
    '-A INPUT -i lo -j ACCEPT',
    '-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ...lines,
    'COMMIT',
    '',
  ];
  const name = `${program === 'iptables-legacy-restore' ? 'iptables-legacy' : 'iptables-nft'} linear ${count}`;
  return { name, load: (arena) => void inServer(arena, [program], text.join('\n')) };
}

export const CT_ONLY = nft('conntrack only', () => CONNTRACK_ONLY);
export const OBSERVE = nft('observe', () => printBundle(compileObserve(host), { policyVersion: 1 }).text);

export function listRulesets(captured: readonly CapturedFirewall[]): Ruleset[] {
  return [
    { name: 'no table', load: () => undefined },
    CT_ONLY,
    OBSERVE,
    ...SIZES.map((count) => nft(`enforce ${count} peers`, () => enforceBundle(peers(count)))),
    ...SIZES.map((count) => nft(`enforce ${count} networks`, () => enforceBundle(networks(count)))),
    ...SIZES.map((count) => linearChain('iptables-legacy-restore', count)),
    ...SIZES.map((count) => linearChain('iptables-nft-restore', count)),
    ...captured.map((firewall) => ({
      name: `${firewall.name} default`,
      load: (arena: Arena) => {
        for (const { argv, text } of firewall.parts) inServer(arena, argv, text);
      },
    })),
  ];
}
