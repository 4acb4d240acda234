import type { Identity } from '../model/identity.ts';
import type { ContainmentId, HostId, RuleId } from '../model/ids.ts';
import type { OutboundMode, ZoneMode } from '../model/policy.ts';
import type { Schedule } from '../model/schedule.ts';
import type { TransportProtocol } from '../model/service.ts';
import type { AddressMatch, NonEmpty } from '../net/address-match.ts';
import type { Family } from '../net/address.ts';
import type { PortRange } from '../net/port-set.ts';
import type { RangeSet } from '../net/range-set.ts';
import type { TimeSpan } from '../time/schedule-windows.ts';

/** A match that is left after resolving: `none` does not get this far, because a rule without anybody is no rule. */
export type LiveMatch = Exclude<AddressMatch, { kind: 'none' }>;

/** One address family of a rule. Families are never mixed: a rule has a lane only where both its ends have addresses. */
export type Lane = {
  readonly family: Family;
  /** The other end: source of inbound rows, destination of outbound rows. */
  readonly peers: LiveMatch;
  /** This host's end: `any` unless the rule names addresses rather than hosts. */
  readonly local: LiveMatch;
};

export type ServiceTerm =
  | { readonly kind: 'ports'; readonly protocol: TransportProtocol; readonly ports: NonEmpty<PortRange> }
  | { readonly kind: 'icmp'; readonly family: Family; readonly types: 'all' | NonEmpty<number> };
export type ServiceMatch = { readonly kind: 'any' } | { readonly kind: 'some'; readonly terms: NonEmpty<ServiceTerm> };

/** What one rule of the policy means on one host in one direction. One row a rule, so that counters and diffs name the rule. */
export type RuleRow = {
  readonly kind: 'rule-row';
  readonly ruleId: RuleId;
  readonly action: 'allow' | 'deny';
  readonly lanes: NonEmpty<Lane>;
  readonly services: ServiceMatch;
  /** The owner of this host's own socket: the sender in outbound rows, the listening unit in inbound ones. The kernel knows nothing of the other end's. */
  readonly as: Identity | null;
  /** Null is at all times. Its windows are listed for the ruleset's `scheduleSpan`. */
  readonly schedule: Schedule | null;
  /** The rule holds until before this instant; null is for ever. */
  readonly endsAtMs: number | null;
  /** The rule's own words, for people: the other end and the services as text. Never printed into nft. */
  readonly peerText: string;
  readonly serviceText: string;
};

/** What a containment means on one host that it is about; it holds until before `endsAtMs`. `text` is for people. */
export type ContainmentRow =
  | { readonly kind: 'quarantine-row'; readonly id: ContainmentId; readonly endsAtMs: number; readonly text: string }
  /** `except`: who goes on reaching the services here. Empty is nobody. */
  | { readonly kind: 'close-row'; readonly id: ContainmentId; readonly endsAtMs: number; readonly text: string; readonly services: ServiceMatch; readonly except: RangeSet };

/** The locked block: nothing in a policy removes it. */
export type Essential = {
  readonly sshPort: number;
  readonly consoles: RangeSet;
  readonly resolvers: RangeSet;
  readonly timeServers: RangeSet;
};

/** Everything that one host enforces, in evaluation order: management, containments, essential, deny, allow, default. Rows keep the order of the policy's rules. */
export type HostRuleset = {
  readonly kind: 'host-ruleset';
  readonly hostId: HostId;
  readonly hostName: string;
  readonly mode: ZoneMode;
  readonly zone: string | null;
  readonly outbound: OutboundMode;
  /** The services to which the default applies, and their text for people; null is all. */
  readonly only: { readonly services: ServiceMatch; readonly text: string } | null;
  /** The time for which the windows of schedules are listed; null when no row has a schedule. */
  readonly scheduleSpan: TimeSpan | null;
  readonly essential: Essential;
  /** Holds in every mode. Mostly empty. */
  readonly containments: readonly ContainmentRow[];
  readonly denyIn: readonly RuleRow[];
  readonly allowIn: readonly RuleRow[];
  readonly denyOut: readonly RuleRow[];
  /** Empty unless `outbound` is restricted: what is open needs no permission. */
  readonly allowOut: readonly RuleRow[];
};
