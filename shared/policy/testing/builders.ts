import type { Closure, Quarantine } from '../../model/containment.ts';
import type { FleetHost, PublishedPort } from '../../model/host.ts';
import { ContainmentId, HostId, RuleId } from '../../model/ids.ts';
import type { Peer } from '../../model/peer.ts';
import { EMPTY_POLICY, type IpList, type Policy, type Rule, type Zone } from '../../model/policy.ts';
import type { Service, ServiceRef } from '../../model/service.ts';
import { parseCidr } from '../../net/parse-cidr.ts';
import { parseExemption } from '../../text/exemption-text.ts';
import { parseLabels } from '../../text/label-text.ts';
import type { Parsed } from '../../text/parsed.ts';
import { parseIdentity } from '../../text/identity-text.ts';
import { parsePeer } from '../../text/peer-text.ts';
import { parseSchedule } from '../../text/schedule-text.ts';
import { parseSelectorSet } from '../../text/selector-text.ts';
import { parseServiceEntries, parseServiceRefs } from '../../text/service-text.ts';

/** Builders for tests: everything has a default, texts are the forms that people type. Wrong text throws with its issues. */

/** `hostId(7)` is `h_000000000007`. */
export const hostId = (n: number): HostId => HostId.parse(`h_${String(n).padStart(12, '0')}`);
export const ruleId = (n: number): RuleId => RuleId.parse(`r_${String(n).padStart(12, '0')}`);

export const containmentId = (n: number): ContainmentId => ContainmentId.parse(`c_${String(n).padStart(12, '0')}`);

export function expectParsed<T>(result: Parsed<T>): T {
  if (!result.ok) throw new Error(result.issues.map((issue) => issue.message).join('; '));
  return result.value;
}

export const peer = (text: string): Peer => expectParsed(parsePeer(text));
export const serviceRefs = (text: string): ServiceRef[] => expectParsed(parseServiceRefs(text));

type HostInput = {
  n?: number;
  name?: string;
  labels?: string;
  addresses?: string[];
  managed?: boolean;
  consoles?: string[];
  sshPort?: number;
  resolvers?: string[];
  timeServers?: string[];
  published?: PublishedPort[];
};

/** Host `n` (1 unless told) is `h<n>` at 10.0.0.<n>, managed, with console 10.9.9.9 on port 22. */
export function aHost(input: HostInput = {}): FleetHost {
  const n = input.n ?? 1;
  return {
    id: hostId(n),
    name: input.name ?? `h${n}`,
    labels: expectParsed(parseLabels(input.labels ?? '')),
    addresses: input.addresses ?? [`10.0.0.${n}`],
    managed: input.managed ?? true,
    management: { consoleAddresses: input.consoles ?? ['10.9.9.9'], sshPort: input.sshPort ?? 22 },
    resolvers: input.resolvers ?? [],
    timeServers: input.timeServers ?? [],
    ...(input.published ? { published: input.published } : {}),
  };
}

type RuleInput = Partial<Omit<Rule, 'id' | 'from' | 'to' | 'services' | 'schedule' | 'as'>> & { n?: number; from?: string; to?: string; services?: string; schedule?: string | null; as?: string | null };

/** Rule `n` (1 unless told) allows role=web → role=db on tcp/5432. */
export function aRule(input: RuleInput = {}): Rule {
  const { n = 1, from = 'role=web', to = 'role=db', services = 'tcp/5432', schedule = null, as = null, ...rest } = input;
  return {
    id: ruleId(n),
    action: 'allow',
    from: peer(from),
    to: peer(to),
    services: serviceRefs(services),
    as: as === null ? null : expectParsed(parseIdentity(as)),
    servedBy: null,
    schedule: schedule === null ? null : expectParsed(parseSchedule(schedule)),
    owner: '',
    reason: '',
    ticket: '',
    reviewOn: null,
    expiresOn: null,
    ...rest,
  };
}

type ZoneInput = Partial<Omit<Zone, 'select' | 'onlyServices'>> & { select?: string; onlyServices?: string | null };

/** Zone `shop` selects app=shop and enforces, outbound open. */
export function aZone(input: ZoneInput = {}): Zone {
  const { select = 'app=shop', onlyServices = null, ...rest } = input;
  return { name: 'shop', select: expectParsed(parseSelectorSet(select)), mode: 'enforce', outbound: 'open', onlyServices: onlyServices === null ? null : serviceRefs(onlyServices), note: '', ...rest };
}

/** Containment `n` (1 unless told) of h1, ordered by ada on 15 January 2026 for four hours. */
export const aQuarantine = ({ n = 1, ...given }: Partial<Omit<Quarantine, 'id' | 'kind'>> & { n?: number } = {}): Quarantine => ({ kind: 'quarantine', id: containmentId(n), host: 'h1', ...ORDERED, ...given });

type ClosureInput = Partial<Omit<Closure, 'id' | 'kind' | 'services' | 'except'>> & { n?: number; services?: string; except?: string[] };

/** Containment `n` (1 unless told) closes tcp/445 in zone shop. `except` as people type it: `host:h2 to h1`. */
export function aClosure({ n = 1, services = 'tcp/445', except = [], ...given }: ClosureInput = {}): Closure {
  return { kind: 'close', id: containmentId(n), zone: 'shop', ...ORDERED, ...given, services: serviceRefs(services), except: except.map((text) => expectParsed(parseExemption(text))) };
}

const ORDERED = { startsAt: '2026-01-15T00:00:00Z', endsAt: '2026-01-15T04:00:00Z', by: 'ada', reason: 'odd traffic' };

export const anIpList = (name: string, cidrs: string[], except: string[] = []): IpList => ({
  name,
  cidrs: cidrs.map((text) => expectParsed(parseCidr(text))),
  except: except.map((text) => expectParsed(parseCidr(text))),
  note: '',
});

export const aService = (name: string, entries: string): Service => ({ name, entries: expectParsed(parseServiceEntries(entries)), note: '' });

export const aPolicy = (input: Partial<Policy> = {}): Policy => ({ ...EMPTY_POLICY, ...input });
