import type { Identity } from '../../model/identity.ts';
import type { ContainmentId, RuleId } from '../../model/ids.ts';
import type { ZoneMode } from '../../model/policy.ts';
import type { TransportProtocol } from '../../model/service.ts';
import type { NonEmpty } from '../../net/address-match.ts';
import type { Family } from '../../net/address.ts';
import type { PortRange } from '../../net/port-set.ts';
import type { RangeSet } from '../../net/range-set.ts';
import type { TimeSpan } from '../../time/schedule-windows.ts';
import type { LiveMatch, ServiceTerm } from '../host-ruleset.ts';

/**
 * What agents get, in the plain form that other firewalls have: no sockets, no recording, one address family and one protocol an entry. Derived once from the
 * compiled rulesets (`to-export.ts`); each target prints it in its own language.
 */
export type ExportService =
  | { readonly kind: 'any' }
  | { readonly kind: 'ports'; readonly protocol: TransportProtocol; readonly ports: NonEmpty<PortRange>; readonly sourcePort: number | null }
  /** ICMP of the entry's own family. */
  | { readonly kind: 'icmp'; readonly types: 'all' | NonEmpty<number> }
  | { readonly kind: 'igmp' };

/** Which locked row an entry is of. */
export type LockedName = 'management' | 'icmp' | 'dhcp' | 'resolvers' | 'time-servers';

/** One thing that is let through or refused, of one family. `peers` is the other end, `local` the protected host's. */
export type ExportEntry = {
  /** Whose it is, for comments: nothing that people typed. */
  readonly id: RuleId | ContainmentId | LockedName | 'default';
  readonly family: Family;
  readonly peers: LiveMatch;
  readonly local: LiveMatch;
  readonly service: ExportService;
  /** The account that sends, for targets that see it; null is anybody. */
  readonly as: Identity | null;
  /** When it holds; null is always. */
  readonly windows: NonEmpty<TimeSpan> | null;
  /** It holds until before this instant; null is for ever. */
  readonly endsAtMs: number | null;
};

/** What becomes of what no entry decides; `only`: of these services alone, all others pass. */
export type Otherwise = { readonly kind: 'pass' } | { readonly kind: 'refuse'; readonly only: NonEmpty<ServiceTerm> | null };

/**
 * New connections in one direction, in the order in which they are judged: what a containment spares, what it cuts (live connections too), then locked,
 * deny, allow, otherwise. Nothing is in the lists of a host that only observes, but for containments and, on the host itself, what is locked.
 */
export type ExportSide = {
  readonly spared: readonly ExportEntry[];
  readonly quarantine: readonly ExportEntry[];
  /** Cut as well, but for replies to connections of the host's own. */
  readonly closed: readonly ExportEntry[];
  readonly locked: readonly ExportEntry[];
  readonly deny: readonly ExportEntry[];
  readonly allow: readonly ExportEntry[];
  readonly otherwise: Otherwise;
  /** Packets that belong to no connection and begin none. */
  readonly dropsInvalid: boolean;
};

export type ExportHost = { readonly name: string; readonly zone: string | null; readonly labels: Readonly<Record<string, string>>; readonly addresses: RangeSet };

/** Hosts that are judged alike, by name; `number` is from 1. In test everything passes, and what enforce would refuse is counted where the target can. */
export type ExportGroup = {
  readonly number: number;
  readonly hosts: NonEmpty<ExportHost>;
  readonly addresses: NonEmpty<RangeSet[number]>;
  readonly mode: ZoneMode;
  /** The other ends of their rules, as rules name them. */
  readonly peerTexts: ReadonlySet<string>;
  readonly in: ExportSide;
  readonly out: ExportSide;
};

/** What the target cannot say. Left out, `opens` lets through what the policy refuses, and `breaks` refuses what it allows. */
export type Refusal = {
  /** A rule's or containment's id; null where the host itself is the matter. */
  readonly rule: string | null;
  readonly hosts: readonly string[];
  readonly direction: 'in' | 'out' | null;
  readonly effect: 'opens' | 'breaks';
  readonly why: string;
};

/** Which policy it was, for the header. `text` is ours, without line ends. */
export type ExportStamp = { readonly atMs: number; readonly policyText: string; readonly policyHash: string };

/** Whom a name or a selector of a rule stood for. */
export type Meaning = { readonly text: string; readonly addresses: RangeSet };

export type ExportInput = {
  readonly stamp: ExportStamp;
  readonly groups: readonly ExportGroup[];
  readonly meanings: readonly Meaning[];
  readonly refusals: readonly Refusal[];
  readonly notes: readonly string[];
};

/** `suffix` is put behind the name that was asked for; empty where a target is one file. */
export type ExportFile = { readonly suffix: string; readonly text: string };
