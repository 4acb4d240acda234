import type { ZoneMode } from '../model/policy.ts';

/** The part of the ruleset that no policy changes: recording sets, counters, chains, and the recording chains' rules. */

export type Chain = { readonly name: string; readonly rules: readonly string[] };

/** Where each base chain stands. `prerouting` sees a packet before its destination is changed, `postrouting` after its source was. */
const HOOKS: Readonly<Record<string, string>> = {
  prerouting: 'prerouting priority mangle',
  input: 'input priority filter + 20',
  forward: 'forward priority filter + 20',
  output: 'output priority filter + 20',
  postrouting: 'postrouting priority srcnat + 20',
};
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
const POLICY_CHAINS = [
  ...['base_in', 'deny_in', 'allow_in', 'pass_in', 'miss_in', 'base_out', 'deny_out', 'allow_out_as', 'allow_out', 'miss_out'],
  ...['published', 'deny_pub', 'allow_pub', 'pass_pub', 'miss_pub', 'passing', 'deny_masq', 'miss_masq'],
];

/**
 * Who judges: `in` and `out` are the host's own connections, with their sockets. `pub` is what came in to an address of the host and is redirected to another
 * namespace (a published container port): inbound of the host, in the forward hook. `masq` is what passes through and leaves under an address of the host
 * (containers behind masquerading): outbound of the host, in the postrouting hook. Neither of these two has a socket here.
 */
export type Place = 'in' | 'out' | 'pub' | 'masq';
const PLACES: readonly Place[] = ['in', 'out', 'pub', 'masq'];
const RECORDERS = [...PLACES.map((place) => `rec_${place}`), 'rec_fwd', ...PLACES.map((place) => `mrec_${place}`)];

/**
 * The bit of the connection's label (128 of them, used by hardly anything on a host) that says that its first packet was addressed to somebody else when it
 * arrived. Later hooks cannot know: a redirected packet has its new destination there. Not a mark, because marks are what routing and other firewalls use.
 */
export const ADDRESSED_TO_OTHERS = 'ct label 127';

/** Every chain there ever is, hooked ones first: the same list in every mode, so that no swap has to make or delete a chain. */
export const CHAIN_NAMES: readonly string[] = [...Object.keys(HOOKS), ...POLICY_CHAINS, ...RECORDERS.flatMap((name) => [name, `${name}6`, `${name}_o`])];

/** Declarations of phase 1; each may be there already. Hooks must be declared here: a base chain cannot be hooked later. */
export const RECORDING_DECLARATIONS: readonly string[] = [
  ...Object.entries(KEYS).map(([name, key]) => `set ${name} { typeof ${key}; ${OPTIONS} }`),
  ...MISSABLE.map((name) => `set miss_${name} { typeof ${KEYS[name]}; ${OPTIONS} }`),
  ...COUNTERS.map((name) => `counter ${name} { }`),
  ...CHAIN_NAMES.map((name) => (HOOKS[name] === undefined ? `chain ${name} { }` : `chain ${name} { type filter hook ${HOOKS[name]}; policy accept; }`)),
];

/** Rules of the chains that count new connections (`rec_`) and refused ones (`mrec_`); the same in every mode, unused ones are not jumped to. */
export function recordingChains(): Chain[] {
  const ofPlace = (place: Place, prefix: '' | 'miss_') => {
    const direction = place === 'in' || place === 'pub' ? 'in' : 'out';
    const fine = place === direction ? direction : null;
    return ladder(`${prefix === '' ? 'rec' : 'mrec'}_${place}`, { fine, coarse: `${direction}x`, prefix, lost: `lost_${direction}`, isRedirected: place === 'pub' });
  };
  return [
    ...PLACES.flatMap((place) => ofPlace(place, '')),
    ...ladder('rec_fwd', { fine: null, coarse: 'fwd', prefix: '', lost: 'lost_fwd', isRedirected: false }),
    ...PLACES.flatMap((place) => ofPlace(place, 'miss_')),
  ];
}

/** How forwarded connections get to `published` and `passing`: the same in every mode. */
export const FORWARDING_CHAINS: readonly Chain[] = [
  { name: 'prerouting', rules: [`ct state new fib daddr type != local ${ADDRESSED_TO_OTHERS.replace('label', 'label set')}`] },
  { name: 'forward', rules: ['ct state established,related accept', 'ct state new ct status dnat jump published'] },
  { name: 'postrouting', rules: [`ct state new ${ADDRESSED_TO_OTHERS} jump passing`] },
];

/** Has what is redirected from an address of the host judged by `judge`; records it where nothing is judged. What was addressed to others is a router's, redirected or not. */
export const publishedChain = (judge: readonly string[]): Chain => ({ name: 'published', rules: [`${ADDRESSED_TO_OTHERS} return`, ...(judge.length > 0 ? judge : ['jump rec_pub'])] });

/** Where connections come in, from whom they like: there only what was let in is recorded as such, so that a scan that is refused takes no room from it. */
export const isFromOutside = (place: Place): place is 'in' | 'pub' => place === 'in' || place === 'pub';

/** The verdict that lets a connection pass. */
export const passVerdict = (place: Place): string => (isFromOutside(place) ? `goto pass_${place}` : 'accept');

/** Records what was let in. Only new connections: what is invalid and passes all the same is in a counter of its own. */
export const passChain = (place: 'in' | 'pub'): Chain => ({ name: `pass_${place}`, rules: [`ct state new jump rec_${place}`, 'accept'] });

/** Records what passes through; what leaves under an address of the host is judged by `judge`, what keeps a source of its own is only recorded. */
export const passingChain = (judge: readonly string[]): Chain => ({ name: 'passing', rules: ['fib saddr type != local goto rec_fwd', 'jump rec_masq', ...judge] });

const LOG_NAMES: Record<Place, string> = { in: 'in', out: 'out', pub: 'published', masq: 'masqueraded' };

/** What becomes of a connection that no rule allows or one denies. Recording and verdict are separate rules: a full set skips the rest of its rule. */
export function missChain(place: Place, mode: ZoneMode): Chain {
  const record = `jump mrec_${place}`;
  if (mode === 'observe') return { name: `miss_${place}`, rules: [] };
  if (mode === 'test') return { name: `miss_${place}`, rules: [record, `counter ${passVerdict(place)}`] };
  const log = `limit rate 30/minute burst 30 packets log prefix "firebreak deny ${LOG_NAMES[place]} " level info`;
  return { name: `miss_${place}`, rules: [record, log, ...refusal(place)] };
}

/** Only the host’s own processes are told: nothing can be rejected after routing, and a stranger who knocks gets no answer. */
const refusal = (place: Place): readonly string[] =>
  place === 'out' ? ['meta l4proto tcp counter reject with tcp reset', 'counter reject with icmpx admin-prohibited'] : ['counter drop'];

/**
 * What becomes of what a containment refuses, in every mode. Recorded like other refusals: an enforcing host has what it refuses of what comes in among the
 * refusals alone, every other one has it among what was seen, too. Not what is cut of connections that are there: sets count connections. The rule’s counter has those packets.
 */
export function cutChain(place: Place, mode: ZoneMode): Chain {
  const isApart = mode === 'enforce' && isFromOutside(place);
  const record = [...(isApart ? [] : [`ct state new jump rec_${place}`]), `ct state new,invalid,untracked jump mrec_${place}`];
  const log = `limit rate 30/minute burst 30 packets log prefix "firebreak contain ${LOG_NAMES[place]} " level info`;
  return { name: `cut_${place}`, rules: [...record, log, ...refusal(place)] };
}

type Ladder = { fine: 'in' | 'out' | null; coarse: 'inx' | 'outx' | 'fwd'; prefix: '' | 'miss_'; lost: string; isRedirected: boolean };

/**
 * Fine set, else coarse set, else a counter that says what was lost: a statement whose set is full, or whose key has no socket, breaks off
 * its rule and so falls to the next. `th dport` stands behind a guard because of ICMP it would be the checksum. A TCP packet that is
 * no SYN is a connection picked up half way: its direction is a guess, so nothing is learned from it.
 */
function ladder(chain: string, { fine, coarse, prefix, lost, isRedirected }: Ladder): Chain[] {
  const record = (kind: SetKind, key: string = KEYS[kind]) => `update @${prefix}${kind} { ${key} } return`;
  const coarseOf = (family: 4 | 6): SetKind => COARSE[coarse][family];
  // The port that the peer asked for. Up to nft 1.0.6 it is only known behind a protocol in the same rule.
  const withPort = (family: 4 | 6) =>
    isRedirected ? `meta l4proto ${PORT_PROTOCOLS} ${record(coarseOf(family), KEYS[coarseOf(family)].replace('th dport', 'ct original proto-dst'))}` : record(coarseOf(family));
  const steps = (family: 4 | 6) => [...(fine ? [record(`${fine}${family}`)] : []), withPort(family), `counter name ${lost}`];
  const withoutPort = (family: 4 | 6) => `meta nfproto ipv${family} ${record(coarseOf(family), KEYS[coarseOf(family)].replace('th dport', '0'))}`;
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

const COARSE = { inx: { 4: 'in4x', 6: 'in6x' }, outx: { 4: 'out4x', 6: 'out6x' }, fwd: { 4: 'fwd4', 6: 'fwd6' } } as const;
