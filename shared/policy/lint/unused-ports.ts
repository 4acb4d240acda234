import type { Finding } from '../../model/finding.ts';
import type { Policy, Rule } from '../../model/policy.ts';
import type { ServiceEntry, ServiceRef } from '../../model/service.ts';
import { type PortRange, toPortSet } from '../../net/port-set.ts';
import { countText } from '../../text/amount-text.ts';
import { printServiceRef, printServiceRefs } from '../../text/service-text.ts';
import { expandServices } from '../service-match.ts';
import { changeRule, ruleSubject } from './finding-text.ts';
import type { LintWorld } from './lint-input.ts';
import { servicePoint } from './service-line.ts';

type PortsEntry = Extract<ServiceEntry, { kind: 'ports' }>;

/** More pieces than that are no rule that a person would write: the range is then cut at its two ends only. */
const MAX_PIECES = 8;
const LAST_PORT = 65_535;
const wholeProtocol = (protocol: PortsEntry['protocol']): PortsEntry => ({ kind: 'ports', protocol, from: 0, to: LAST_PORT });
/** What `any` is for this purpose: protocols without ports are left out of the narrowed rule but for ICMP. */
const ANY_ENTRIES: readonly ServiceEntry[] = [wholeProtocol('tcp'), wholeProtocol('udp'), wholeProtocol('sctp'), { kind: 'icmp', family: 4, types: 'all' }, { kind: 'icmp', family: 6, types: 'all' }];

/**
 * Allow rules with ranges of ports (or whole protocols, or any service) of which only some were used, though all was recorded. A single port that was not used
 * stays: somebody named it.
 */
export function findUnusedPorts(world: LintWorld): Finding[] {
  return world.spaces.rules.flatMap((space): Finding[] => {
    const used = world.use.get(space.rule.id)?.ports ?? new Set<number>();
    if (space.rule.action === 'deny' || used.size === 0 || !world.isWatched(space)) return [];
    const narrowing = narrow(space.rule, world.policy, used);
    return narrowing.unused === 0 || narrowing.services.length === 0 ? [] : [toFinding(world, space.rule, narrowing)];
  });
}

type Narrowing = { readonly inRanges: number; readonly used: number; readonly unused: number; readonly services: readonly ServiceRef[] };

function narrow(rule: Rule, policy: Policy, used: ReadonlySet<number>): Narrowing {
  const sums = { inRanges: 0, used: 0, unused: 0 };
  const services = rule.services.flatMap((ref): ServiceRef[] => {
    const expanded = expandServices([ref], policy.services);
    const entries = expanded === 'any' ? ANY_ENTRIES : expanded;
    if (!entries.some(isRange)) return [ref];
    return entries.flatMap((entry): ServiceRef[] => {
      if (!isRange(entry)) return [{ kind: 'inline', entry }];
      const ports = usedIn(entry, used);
      const kept = pieces(ports);
      sums.inRanges += entry.to - entry.from + 1;
      sums.used += ports.length;
      sums.unused += entry.to - entry.from + 1 - kept.reduce((sum, range) => sum + range.to - range.from + 1, 0);
      return kept.map((range) => ({ kind: 'inline', entry: { kind: 'ports', protocol: entry.protocol, ...range } }));
    });
  });
  const unique = new Map(services.map((ref) => [printServiceRef(ref), ref]));
  return { ...sums, services: [...unique.values()] };
}

const isRange = (entry: ServiceEntry): entry is PortsEntry => entry.kind === 'ports' && entry.from < entry.to;

function usedIn({ protocol, from, to }: PortsEntry, used: ReadonlySet<number>): number[] {
  const base = servicePoint(protocol, 0) ?? 0;
  return [...used].map((point) => point - base).filter((port) => from <= port && port <= to).sort((a, b) => a - b);
}

/** Neighbouring ports together. */
function pieces(ports: readonly number[]): readonly PortRange[] {
  const ranges = toPortSet(ports.map((port) => ({ from: port, to: port })));
  const [low, high] = [ranges[0], ranges.at(-1)];
  return low && high && ranges.length > MAX_PIECES ? [{ from: low.from, to: high.to }] : ranges;
}

function toFinding({ days }: LintWorld, rule: Rule, { inRanges, used, services }: Narrowing): Finding {
  return {
    code: 'RULE_PORTS_UNUSED',
    severity: inRanges > LAST_PORT ? 'warning' : 'info',
    subject: ruleSubject(rule),
    others: [],
    evidence: `Of the ${countText(inRanges, 'port')} in its ranges (${printServiceRefs(rule.services)}) ${used} ${used === 1 ? 'was' : 'were'} used in ${countText(days, 'day')}.`,
    fix: changeRule(rule, `narrow the services of ${rule.id} to ${printServiceRefs(services)}`, { services: [...services] }),
  };
}
