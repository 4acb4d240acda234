import { isNonEmpty } from '../net/address-match.ts';
import { ofFamily } from '../net/range-set.ts';
import { printUtc } from '../time/schedule-windows.ts';
import { managementRules, QUARANTINE_ICMP_TYPES } from './essential.ts';
import type { ContainmentRow, HostRuleset } from './host-ruleset.ts';
import { ADDRESSED_TO_OTHERS, type Chain, cutChain, type Place } from './layout.ts';
import { printServices } from './print-row.ts';
import type { SetBook } from './print-sets.ts';

/**
 * What a host that is contained has beside its usual rules: `chains` are its own, and `heads` are the first rules of base chains, before established
 * connections are let through, so that these end too. Both are empty for every other host, whose text must not change.
 */
export type PrintedContainments = { readonly chains: readonly Chain[]; readonly heads: Readonly<Partial<Record<string, string>>> };

const NOTHING: PrintedContainments = { chains: [], heads: {} };

/**
 * The jump has the latest end, so that a host on which all have ended walks one rule more; each row has its own. What is not refused returns to the usual
 * rules: after the end, and for SSH from the consoles before it, a host is exactly as it would be without.
 */
export function printContainments(ruleset: HostRuleset, sets: SetBook): PrintedContainments {
  const { containments: rows } = ruleset;
  if (rows.length === 0) return NOTHING;
  const lastMs = Math.max(...rows.map((row) => row.endsAtMs));
  const closes = rows.filter((row) => row.kind === 'close-row');
  const quarantines = rows.filter((row) => row.kind === 'quarantine-row');
  const isQuarantined = quarantines.length > 0;
  const tailOf = (row: ContainmentRow, verdict: string) => [...(row.endsAtMs < lastMs ? [until(row.endsAtMs)] : []), `counter ${verdict} comment "${row.id}"`].join(' ');
  const closed = (place: 'in' | 'pub') => {
    const rules = closes.flatMap((row) => printClosed(row, place, sets).map((match) => `${match} ${tailOf(row, `goto cut_${place}`)}`));
    return rules.length === 0 ? [] : [NOT_REPLIES, ...rules];
  };
  const all = (verdict: string) => quarantines.map((row) => tailOf(row, verdict));
  const jump = (chain: string) => `${until(lastMs)} jump ${chain}`;
  return {
    heads: {
      input: jump('contain_in'),
      forward: jump('contain_fwd'),
      ...(isQuarantined ? { output: jump('contain_out'), postrouting: `${until(lastMs)} ct state new ${ADDRESSED_TO_OTHERS} jump contain_pass` } : {}),
    },
    chains: [
      { name: 'contain_in', rules: [...spared('in', ruleset, sets), ...all('goto cut_in'), ...closed('in')] },
      cutChain('in', ruleset.mode),
      // New connections to others are judged where their source is decided, so that what leaves in the host’s name is recorded as the host’s.
      { name: 'contain_fwd', rules: ['ct status dnat jump contain_pub', ...(isQuarantined ? [`ct state new ${ADDRESSED_TO_OTHERS} return`, ...all('drop')] : [])] },
      { name: 'contain_pub', rules: [`${ADDRESSED_TO_OTHERS} return`, ...all('goto cut_pub'), ...closed('pub')] },
      cutChain('pub', ruleset.mode),
      ...(isQuarantined
        ? [
            { name: 'contain_out', rules: [...spared('out', ruleset, sets), ...all('goto cut_out')] },
            cutChain('out', ruleset.mode),
            { name: 'contain_pass', rules: quarantines.flatMap((row) => [`fib saddr type local ${tailOf(row, 'goto cut_masq')}`, tailOf(row, 'drop')]) },
            cutChain('masq', ruleset.mode),
          ]
        : []),
    ],
  };
}

const until = (atMs: number): string => `meta time < "${printUtc(atMs)}"`;

/**
 * What SSH from the consoles needs, and nothing more: itself, neighbour discovery, ICMP errors, and the host’s own lease. Neither ping nor DNS: both carry
 * whatever one likes out of a host.
 */
function spared(direction: 'in' | 'out', { essential }: HostRuleset, sets: SetBook): string[] {
  const icmp = [`meta nfproto ipv4 icmp type { ${QUARANTINE_ICMP_TYPES[4].join(', ')} } return`, `meta nfproto ipv6 icmpv6 type { ${QUARANTINE_ICMP_TYPES[6].join(', ')} } return`];
  const management = managementRules(direction, essential, sets).map((rule) => rule.replace(/accept$/, 'return'));
  const lease =
    direction === 'in'
      ? ['meta nfproto ipv4 udp sport 67 udp dport 68 return', 'ip6 saddr fe80::/10 udp sport 547 udp dport 546 return']
      : ['meta nfproto ipv4 udp sport 68 udp dport 67 return', 'ip6 daddr fe80::/10 udp sport 546 udp dport 547 return', 'ip6 daddr ff02::1:2 udp sport 546 udp dport 547 return'];
  return [`${direction === 'in' ? 'iif' : 'oif'} "lo" return`, ...management, ...icmp, ...lease];
}

/**
 * A reply to a connection of the host’s own may come in to any port. Asked as this and not as `ct direction original` in each rule: a packet that belongs to no
 * connection (ICMP that conntrack does not follow) has no direction, and a rule that asks for one does not match it.
 */
const NOT_REPLIES = 'ct direction reply return';

/** Matches of whoever connects to the services and is not exempted; behind `NOT_REPLIES`. */
function printClosed({ services, except }: Extract<ContainmentRow, { kind: 'close-row' }>, place: 'in' | 'pub', sets: SetBook): string[] {
  const others = ([4, 6] as const).flatMap((family) => {
    const ranges = ofFamily(except, family);
    const inFamily = services.kind === 'any' ? [''] : printServices({ kind: 'some', terms: services.terms }, place satisfies Place, sets);
    const ends = isNonEmpty(ranges) ? `${family === 4 ? 'ip' : 'ip6'} saddr != ${sets.addresses(family, ranges)}` : `meta nfproto ipv${family}`;
    return inFamily.filter((match) => isPossible(match, family)).map((match) => `${ends} ${match}`.trim());
  });
  return others;
}

/** The printer names the family of ICMP, which is nothing in the other one. */
const isPossible = (match: string, family: 4 | 6): boolean => !match.startsWith(`meta nfproto ipv${family === 4 ? 6 : 4}`);
