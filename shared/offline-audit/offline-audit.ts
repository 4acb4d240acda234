import { z } from 'zod';
import type { Address } from '../net/address.ts';
import type { RuleFile } from '../rule-files/rule-file.ts';

/** A service of a host by its own word: what it listens on, `address` as the socket has it. */
export type Listener = { readonly protocol: string; readonly port: number; readonly address: string; readonly process: string | null };

/**
 * A host as files tell of it. `addresses` empty: not known, and then no flow can be told to be its own. `origin`: null for files that somebody gave, else the bundle that it is known by, with whether anybody signed it.
 * `listening` null: no file says what listens there.
 */
export type OfflineHost = {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly labels: Readonly<Record<string, string>>;
  readonly files: readonly { readonly path: string; readonly rules: RuleFile }[];
  readonly origin?: { readonly bundle: string; readonly isSigned: boolean } | null;
  readonly listening?: readonly Listener[] | null;
};

/** Connections that a log has from one address to another, to one port (0: the protocol has none). */
export type OfflineFlow = { readonly from: Address; readonly to: Address; readonly protocol: number; readonly port: number; readonly connections: number };

export const RulePlace = z.strictObject({ path: z.string(), line: z.number().int(), text: z.string() });
export type RulePlace = z.infer<typeof RulePlace>;

/** `from`: addresses and networks, at most 20; `moreFrom` counts the rest. `isWorld`: more than half of all IPv4 or IPv6 addresses. `rules` empty: the policy of a chain lets it in. */
export const Admitted = z.strictObject({
  protocol: z.string(),
  ports: z.string(),
  from: z.array(z.string()),
  moreFrom: z.number().int(),
  isWorld: z.boolean(),
  isSure: z.boolean(),
  why: z.array(z.string()),
  rules: z.array(RulePlace),
});
export type Admitted = z.infer<typeof Admitted>;

/** Who may connect to what listens, by the rules: `maybe` everyone, but not for certain; `unknown`: no rules are known. `local`: bound to loopback. */
export const ListenerReach = z.enum(['everyone', 'maybe', 'some', 'nobody', 'unknown', 'local']);
export type ListenerReach = z.infer<typeof ListenerReach>;
export const ListenerAudit = z.strictObject({ service: z.string(), address: z.string(), process: z.string().nullable(), reach: ListenerReach, connections: z.number().int() });
export type ListenerAudit = z.infer<typeof ListenerAudit>;

export const HostAudit = z.strictObject({
  name: z.string(),
  addresses: z.array(z.string()),
  labels: z.record(z.string(), z.string()),
  files: z.array(z.strictObject({ path: z.string(), format: z.enum(['nft', 'nft-json', 'iptables-save']), chains: z.number().int(), rules: z.number().int(), exactRules: z.number().int() })),
  /** Null: of files that somebody gave. */
  origin: z.strictObject({ bundle: z.string(), isSigned: z.boolean() }).nullable(),
  /** Null: no rules, or more combinations than are looked at. */
  admits: z.array(Admitted).nullable(),
  /** Null: not known. */
  listening: z.array(ListenerAudit).nullable(),
  blindSpots: z.array(RulePlace.extend({ reason: z.string() })),
  moreBlindSpots: z.number().int(),
  /** Flows of the logs that end at this host, and their connections. */
  flows: z.number().int(),
  connections: z.number().int(),
});
export type HostAudit = z.infer<typeof HostAudit>;

export const OFFLINE_CODES = ['NOTHING_REFUSED', 'CUT_BY_DEFAULT_DENY', 'SEEN_BUT_REFUSED', 'LISTENS_UNUSED', 'OPEN_TO_ALL_UNUSED', 'OPEN_TO_ALL', 'REACHES_EVERYTHING', 'TRUSTS_SENDER_PORT', 'RULE_TOO_BROAD', 'RULE_NEVER_HIT', 'RULE_NEVER_DECIDES'] as const;
export const OfflineCode = z.enum(OFFLINE_CODES);
export type OfflineCode = z.infer<typeof OfflineCode>;

/** `host` empty: about several. `rule` null: about no rule. Sentences say what was found and what to look at. */
export type OfflineFinding = { code: OfflineCode; host: string; subject: string; sentence: string; rule: RulePlace | null; connections: number };

export const LogRead = z.strictObject({ path: z.string(), format: z.string(), rows: z.number().int(), taken: z.number().int(), leftOut: z.array(z.strictObject({ kind: z.string(), reason: z.string(), rows: z.number().int() })) });
export type LogRead = z.infer<typeof LogRead>;

export type OfflineAudit = {
  hosts: HostAudit[];
  findings: OfflineFinding[];
  logs: LogRead[];
  /** Flows of all logs, and how many of them end at a host whose addresses are known. */
  flows: number;
  flowsToHosts: number;
  /** Files that were no rules and no log, with what they are not. */
  unread: { path: string; reason: string }[];
  /** What this audit cannot know, in sentences. */
  limits: string[];
};

/** What findings are called in reports, in the order in which they are told. */
export const OFFLINE_TITLES: Readonly<Record<OfflineCode, string>> = {
  NOTHING_REFUSED: 'Hosts whose rules refuse nothing',
  CUT_BY_DEFAULT_DENY: 'What a default deny would cut: flows that no rule names',
  SEEN_BUT_REFUSED: 'Flows that were seen although the rules refuse them',
  LISTENS_UNUSED: 'Services that listen to everyone, and were never used',
  OPEN_TO_ALL_UNUSED: 'Open to everyone, and never used',
  OPEN_TO_ALL: 'Open to everyone',
  REACHES_EVERYTHING: 'Who reaches most hosts',
  TRUSTS_SENDER_PORT: 'Rules that trust a port that the sender chooses',
  RULE_TOO_BROAD: 'Rules broader than the flows that use them',
  RULE_NEVER_HIT: 'Rules that no flow used',
  RULE_NEVER_DECIDES: 'Rules that never decide, because others come first',
};
