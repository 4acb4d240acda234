import { z } from 'zod';
import { Identity, UnitName } from './identity.ts';
import { RuleId } from './ids.ts';
import { IpListName, ZoneName } from './names.ts';
import { Cidr, Peer } from './peer.ts';
import { SelectorSet } from './selector.ts';
import { Schedule } from './schedule.ts';
import { Service, ServiceRef } from './service.ts';

export const ZoneMode = z.enum(['observe', 'test', 'enforce']);
export type ZoneMode = z.infer<typeof ZoneMode>;

/** `open`: outbound is recorded and only deny rules act on it. `restricted`: outbound is default-deny like inbound. */
export const OutboundMode = z.enum(['open', 'restricted']);
export type OutboundMode = z.infer<typeof OutboundMode>;

/** A host belongs to the first zone of the ordered list that selects it; a host in no zone is observed. */
export const Zone = z.strictObject({
  name: ZoneName,
  select: SelectorSet,
  mode: ZoneMode,
  outbound: OutboundMode,
  /** Selective enforcement: only these services are refused by default; what no rule decides on others is accepted and recorded. Null is every service. */
  onlyServices: z.array(ServiceRef).min(1).nullable().default(null),
  note: z.string().max(500),
});
export type Zone = z.infer<typeof Zone>;

/** Addresses in `cidrs` minus those in `except`. An exclusion that empties the list matches nobody. */
export const IpList = z.strictObject({
  name: IpListName,
  cidrs: z.array(Cidr).min(1),
  except: z.array(Cidr),
  note: z.string().max(500),
});
export type IpList = z.infer<typeof IpList>;

const CalendarDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD');

/** Consumers (`from`) may, or may not, reach providers (`to`) on `services`. Metadata is empty text or null when not given. */
export const Rule = z.strictObject({
  id: RuleId,
  action: z.enum(['allow', 'deny']),
  from: Peer,
  to: Peer,
  services: z.array(ServiceRef).min(1),
  /** Only what this user, group or unit on the consuming host sends; null is everyone there. */
  as: Identity.nullable().default(null),
  /** Only what this unit on the providing host listens for; null is whatever listens there. */
  servedBy: UnitName.nullable().default(null),
  /** When it holds; null is always. Outside its times the rule is as if it were not there. */
  schedule: Schedule.nullable().default(null),
  owner: z.string().max(200),
  reason: z.string().max(1000),
  ticket: z.string().max(200),
  reviewOn: CalendarDate.nullable(),
  /** The rule holds until the end of this day, UTC; afterwards it compiles to nothing. */
  expiresOn: CalendarDate.nullable(),
});
export type Rule = z.infer<typeof Rule>;

/** The assertion `from` can (allow) or cannot (deny) reach `to` on `service`, for every pair of hosts; broken ones block a push. */
export const PolicyTest = z.strictObject({
  expect: z.enum(['allow', 'deny']),
  from: Peer,
  to: Peer,
  service: ServiceRef,
});
export type PolicyTest = z.infer<typeof PolicyTest>;

/** The whole draft or one immutable version. Order matters for zones only; rules are a set (deny before allow). */
export const Policy = z.strictObject({
  zones: z.array(Zone),
  rules: z.array(Rule),
  services: z.array(Service),
  ipLists: z.array(IpList),
  tests: z.array(PolicyTest),
});
export type Policy = z.infer<typeof Policy>;

export const EMPTY_POLICY: Policy = { zones: [], rules: [], services: [], ipLists: [], tests: [] };
