import type { ZoneMode } from '../model/policy.ts';

/** The part of the ruleset that no policy changes: recording sets, counters, chains, and the recording chains' rules. */

export type Chain = { readonly name: string; readonly rules: readonly string[] };

const HOOKED = ['input', 'output', 'forward'] as const;
const PORT_PROTOCOLS = '{ tcp, udp, sctp, dccp, udplite }';
/** Neighbour discovery, router messages and MLD: background noise of every link, not flows (RFC 4861, RFC 2710, RFC 3810). */
const LINK_NOISE = 'icmpv6 type { 130-137, 143 }';
/** In by peer, out by peer: what is kept of each new connection. `x` is the coarser set that takes what the fine one cannot. */
const KEYS = {
  in4: 'ip saddr . meta l4proto . th dport . socket cgroupv2 level 2',
  in6: 'ip6 saddr . meta l4proto . th dport . socket cgroupv2 level 2',
  in4x: 'ip saddr . meta l4proto . th dport',
  in6x: 'ip6 saddr . meta l4proto . th dport',
  out4: 'ip daddr . meta l4proto . th dport . meta skuid . socket cgroupv2 level 2',
  out6: 'ip6 daddr . meta l4proto . th dport . meta skuid . socket cgroupv2 level 2',
  out4x: 'ip daddr . meta l4proto . th dport',
  out6x: 'ip6 daddr . meta l4proto . th dport',
  fwd4: 'ip saddr . ip daddr . meta l4proto . th dport',
  fwd6: 'ip6 saddr . ip6 daddr . meta l4proto . th dport',
} as const;
type SetKind = keyof typeof KEYS;
const MISSABLE: readonly SetKind[] = ['in4', 'in6', 'in4x', 'in6x', 'out4', 'out6', 'out4x', 'out6x'];

/** 16,384 elements: beyond, listing a set costs hundreds of MB on the host (NFTABLES.md section 5). */
const OPTIONS = 'size 16384; flags dynamic,timeout; timeout 1d; counter;';
const COUNTERS = ['lost_in', 'lost_out', 'lost_fwd', 'invalid_in', 'invalid_out', 'midstream'] as const;
const POLICY_CHAINS = ['base_in', 'deny_in', 'allow_in', 'miss_in', 'base_out', 'deny_out', 'allow_out', 'miss_out'] as const;
const RECORDERS = ['rec_in', 'rec_out', 'rec_fwd', 'mrec_in', 'mrec_out'] as const;

/** Every chain there ever is, hooked ones first: the same list in every mode, so that no swap has to make or delete a chain. */
export const CHAIN_NAMES: readonly string[] = [...HOOKED, ...POLICY_CHAINS, ...RECORDERS.flatMap((name) => [name, `${name}6`, `${name}_o`])];

/** Declarations of phase 1; each may be there already. Hooks must be declared here: a base chain cannot be hooked later. */
export const RECORDING_DECLARATIONS: readonly string[] = [
  ...Object.entries(KEYS).map(([name, key]) => `set ${name} { typeof ${key}; ${OPTIONS} }`),
  ...MISSABLE.map((name) => `set miss_${name} { typeof ${KEYS[name]}; ${OPTIONS} }`),
  ...COUNTERS.map((name) => `counter ${name} { }`),
  ...CHAIN_NAMES.map((name) => (isHooked(name) ? `chain ${name} { type filter hook ${name} priority filter + 20; policy accept; }` : `chain ${name} { }`)),
];

/** Rules of the chains that count new connections (`rec_`) and refused ones (`mrec_`); the same in every mode, unused ones are not jumped to. */
export function recordingChains(): Chain[] {
  return [
    ...ladder('rec_in', 'in', '', 'lost_in'),
    ...ladder('rec_out', 'out', '', 'lost_out'),
    ...ladder('rec_fwd', 'fwd', '', 'lost_fwd'),
    ...ladder('mrec_in', 'in', 'miss_', 'lost_in'),
    ...ladder('mrec_out', 'out', 'miss_', 'lost_out'),
  ];
}

/** What becomes of a connection that no rule allows or one denies. Recording and verdict are separate rules: a full set skips the rest of its rule. */
export function missChain(direction: 'in' | 'out', mode: ZoneMode): Chain {
  const record = `jump mrec_${direction}`;
  if (mode === 'observe') return { name: `miss_${direction}`, rules: [] };
  if (mode === 'test') return { name: `miss_${direction}`, rules: [record, 'counter accept'] };
  const log = `limit rate 30/minute burst 30 packets log prefix "firebreak deny ${direction} " level info`;
  const refuse = direction === 'in' ? ['counter drop'] : ['meta l4proto tcp counter reject with tcp reset', 'counter reject with icmpx admin-prohibited'];
  return { name: `miss_${direction}`, rules: [record, log, ...refuse] };
}

/**
 * Fine set, else coarse set, else a counter that says what was lost: a statement whose set is full, or whose key has no socket, breaks off
 * its rule and so falls to the next. `th dport` stands behind a guard because of ICMP it would be the checksum. A TCP packet that is
 * no SYN is a connection picked up half way: its direction is a guess, so nothing is learned from it.
 */
function ladder(chain: string, direction: 'in' | 'out' | 'fwd', prefix: '' | 'miss_', lost: string): Chain[] {
  const record = (kind: SetKind, key: string = KEYS[kind]) => `update @${prefix}${kind} { ${key} } return`;
  const coarse = (family: 4 | 6): SetKind => (direction === 'fwd' ? `fwd${family}` : `${direction}${family}x`);
  const steps = (family: 4 | 6) => [...(direction === 'fwd' ? [] : [record(`${direction}${family}`)]), record(coarse(family)), `counter name ${lost}`];
  const withoutPort = (family: 4 | 6) => `meta nfproto ipv${family} ${record(coarse(family), KEYS[coarse(family)].replace('th dport', '0'))}`;
  const midstream = prefix === '' ? 'counter name midstream return' : 'return';
  return [
    {
      name: chain,
      rules: [
        `tcp flags & (fin | syn | rst | ack) != syn ${midstream}`,
        `meta l4proto != ${PORT_PROTOCOLS} goto ${chain}_o`,
        `meta nfproto ipv6 goto ${chain}6`,
        ...steps(4),
      ],
    },
    { name: `${chain}6`, rules: steps(6) },
    { name: `${chain}_o`, rules: [`${LINK_NOISE} return`, withoutPort(4), withoutPort(6), `counter name ${lost}`] },
  ];
}

function isHooked(name: string): boolean {
  return HOOKED.some((hook) => hook === name);
}
