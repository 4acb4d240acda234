import { z } from 'zod';
import { Identity } from '../../shared/model/identity.ts';
import { ContainmentId, HostId, RuleId } from '../../shared/model/ids.ts';
import { OutboundMode, ZoneMode } from '../../shared/model/policy.ts';
import { Schedule } from '../../shared/model/schedule.ts';
import { TransportProtocol } from '../../shared/model/service.ts';
import type { HostRuleset } from '../../shared/policy/host-ruleset.ts';

/** The compiled ruleset as it is stored beside a bundle's text; addresses, which are bigint, become decimal strings. */
const Decimal = z.string().regex(/^\d{1,39}$/).transform(BigInt);
const Family = z.union([z.literal(4), z.literal(6)]);
const Range = z.object({ family: Family, first: Decimal, last: Decimal });
const atLeastOne = <T extends z.ZodType>(item: T) => z.tuple([item], item);
const LiveMatch = z.discriminatedUnion('kind', [z.object({ kind: z.literal('any') }), z.object({ kind: z.literal('in'), ranges: atLeastOne(Range) })]);
const ServiceTerm = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ports'), protocol: TransportProtocol, ports: atLeastOne(z.object({ from: z.number(), to: z.number() })) }),
  z.object({ kind: z.literal('icmp'), family: Family, types: z.union([z.literal('all'), atLeastOne(z.number())]) }),
]);
const ServiceMatch = z.discriminatedUnion('kind', [z.object({ kind: z.literal('any') }), z.object({ kind: z.literal('some'), terms: atLeastOne(ServiceTerm) })]);
const RuleRow = z.object({
  kind: z.literal('rule-row'),
  ruleId: RuleId,
  action: z.enum(['allow', 'deny']),
  lanes: atLeastOne(z.object({ family: Family, peers: LiveMatch, local: LiveMatch })),
  services: ServiceMatch,
  as: Identity.nullable().default(null),
  schedule: Schedule.nullable().default(null),
  endsAtMs: z.number().nullable().default(null),
  peerText: z.string(),
  serviceText: z.string(),
});
const containment = { id: ContainmentId, endsAtMs: z.number(), text: z.string() };
const ContainmentRow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('quarantine-row'), ...containment }),
  z.object({ kind: z.literal('close-row'), ...containment, services: ServiceMatch, except: z.array(Range) }),
]);
const StoredRuleset = z.object({
  kind: z.literal('host-ruleset'),
  hostId: HostId,
  hostName: z.string(),
  mode: ZoneMode,
  zone: z.string().nullable(),
  outbound: OutboundMode,
  only: z.object({ services: ServiceMatch, text: z.string() }).nullable().default(null),
  scheduleSpan: z.object({ fromMs: z.number(), toMs: z.number() }).nullable().default(null),
  essential: z.object({ sshPort: z.number(), consoles: z.array(Range), resolvers: z.array(Range), timeServers: z.array(Range) }),
  containments: z.array(ContainmentRow).default([]),
  denyIn: z.array(RuleRow),
  allowIn: z.array(RuleRow),
  denyOut: z.array(RuleRow),
  allowOut: z.array(RuleRow),
});

export function printRulesetJson(ruleset: HostRuleset): string {
  return JSON.stringify(ruleset, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}

/** Null when the text is of a form that this version no longer knows: the caller then diffs without it. */
export function parseRulesetJson(text: string): HostRuleset | null {
  const parsed = StoredRuleset.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}
