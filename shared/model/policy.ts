import { z } from 'zod';
import { Containment } from './containment.ts';
import { DnsName } from './dns-name.ts';
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

/** Answers count for so many days where a list does not say otherwise: long enough for a weekly job, short enough that what was given back is not let in for months. */
export const DEFAULT_NAME_DAYS = 7;
/** In one list; each costs every host that asks a question an hour. */
export const MAX_NAMES = 100;

/**
 * Addresses in `cidrs`, and those that `names` resolved to by the ledger (`shared/policy/name-answers.ts`), minus those in `except`. A list that names nobody
 * matches nobody. Fields about names are left out where they say nothing, so that a list without names is what it was before there were any.
 */
export const IpList = z
  .strictObject({
    name: IpListName,
    /** May be empty where there are names. */
    cidrs: z.array(Cidr),
    names: z.array(DnsName).min(1).max(MAX_NAMES).exactOptional(),
    /** How long an answer counts after it was last seen; DEFAULT_NAME_DAYS unless told. */
    nameDays: z.number().int().min(1).max(90).exactOptional(),
    /** Networks in which answers may lie although they are private, or a host's of ours. */
    nameNetworks: z.array(Cidr).min(1).exactOptional(),
    except: z.array(Cidr),
    note: z.string().max(500),
  })
  .refine((list) => list.cidrs.length > 0 || list.names !== undefined, { path: ['cidrs'], message: 'a list needs a network or a name' });
export type IpList = z.infer<typeof IpList>;

const CalendarDate = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD');

/** Consumers (`from`) may, or may not, reach providers (`to`) on `services`. Metadata is empty text or null when not given. */
export const Rule = z.strictObject({
  id: RuleId,
  action: z.enum(['allow', 'deny']),
  /** Kept in the policy and compiled to nothing. Left out of a rule that counts, so that one from before there was this is the same to the byte. */
  disabled: z.literal(true).exactOptional(),
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
  /** Those that have ended stay listed, and mean nothing, until they are released. */
  containments: z.array(Containment).default([]),
});
export type Policy = z.infer<typeof Policy>;

export const EMPTY_POLICY: Policy = { zones: [], rules: [], services: [], ipLists: [], tests: [], containments: [] };
