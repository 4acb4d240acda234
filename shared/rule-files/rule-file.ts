import type { Family } from '../net/address.ts';
import type { PortSet } from '../net/port-set.ts';
import type { RangeSet } from '../net/range-set.ts';

/** What a rule asks of a packet. `not` turns around what is asked, never what it implies: `tcp dport != 22` is TCP and another port. `family` null: either. */
export type Condition =
  | { readonly kind: 'source' | 'destination'; readonly family: Family | null; readonly ranges: RangeSet; readonly not: boolean }
  | { readonly kind: 'family'; readonly family: Family; readonly not: boolean }
  | { readonly kind: 'protocol'; readonly family: Family | null; readonly numbers: readonly number[]; readonly not: boolean }
  /** `port`: where the packet goes; `sourcePort`: chosen by whoever sends it. */
  | { readonly kind: 'port' | 'sourcePort'; readonly protocols: readonly number[]; readonly ports: PortSet; readonly not: boolean }
  /** `types`: of ICMP (1) or ICMPv6 (58). */
  | { readonly kind: 'type'; readonly protocol: number; readonly types: PortSet; readonly not: boolean }
  | { readonly kind: 'interface'; readonly names: readonly string[]; readonly not: boolean }
  /** The same for the first packet of every connection that comes from the network. */
  | { readonly kind: 'always'; readonly holds: boolean }
  /** The same where the kernel follows connections; of a packet that a rule took out of that (notrack), the opposite. */
  | { readonly kind: 'tracked'; readonly holds: boolean }
  | { readonly kind: 'oneOf'; readonly tuples: readonly (readonly Condition[])[]; readonly not: boolean }
  /** Not modelled: it may hold or not. */
  | { readonly kind: 'unknown'; readonly reason: string };

export type Action =
  /** `untrack`: goes on as `pass` does, and the kernel does not follow the connection. */
  | { readonly kind: 'accept' | 'drop' | 'return' | 'pass' | 'untrack' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** Either verdict is possible. */
  | { readonly kind: 'unknown'; readonly reason: string };

/** `packets`: the kernel's own count, null where the file has none. `text` is inert and bounded. */
export type ForeignRule = { readonly line: number; readonly text: string; readonly conditions: readonly Condition[]; readonly action: Action; readonly packets: number | null };

export type TableFamily = 'ip' | 'ip6' | 'inet' | 'arp' | 'bridge' | 'netdev';
export const TABLE_FAMILIES: readonly TableFamily[] = ['ip', 'ip6', 'inet', 'arp', 'bridge', 'netdev'];

/** `id` is family, table and name; `hook` null: only reached from other chains. */
export type ForeignChain = {
  readonly id: string;
  readonly family: TableFamily;
  readonly table: string;
  readonly name: string;
  readonly hook: string | null;
  readonly type: string;
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
  readonly rules: readonly ForeignRule[];
};

/** What was not understood: where, what stands there (inert, bounded), and why it matters. */
export type BlindSpot = { readonly line: number; readonly text: string; readonly reason: string };

export type RuleFormat = 'nft' | 'nft-json' | 'iptables-save';

/**
 * What a file of rules says. `families`: for which the file would hold rules if there were any. `blindSpots` in the order of lines, at most `MAX_BLIND_SPOTS`; `moreBlindSpots` counts the rest.
 * `exactRules`: rules whose every condition and verdict is modelled.
 */
export type RuleFile = {
  /** Why rules or chains may be missing from what was read, so that no answer from it is certain; null: none are. */
  readonly doubt: string | null;
  /** The first chain that may take packets away before the chains here are asked (ingress, bridge, arp), and is not modelled: what they let in is then not certain, what they refuse is. Null: none. */
  readonly beside: { readonly chain: string; readonly why: string } | null;
  readonly format: RuleFormat;
  readonly families: readonly Family[];
  readonly chains: ReadonlyMap<string, ForeignChain>;
  readonly blindSpots: readonly BlindSpot[];
  readonly moreBlindSpots: number;
  readonly rules: number;
  readonly exactRules: number;
};

export const MAX_RULE_TEXT_BYTES = 16 * 1_048_576;
export const MAX_RULES = 50_000;
export const MAX_BLIND_SPOTS = 500;
/** What a rule decides that gives a new connection another address or port: whether it is let in then is for rules that are asked about the other one. */
export const sentElsewhere = (how: string): Action => ({ kind: 'unknown', reason: `it sends new connections elsewhere (${how}): what is let in by the other address or port is not followed` });

export const chainId = (family: string, table: string, name: string): string => `${family} ${table} ${name}`;
