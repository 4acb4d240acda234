import type { FleetHost } from '../model/host.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { describeContainmentShort } from './describe-containment.ts';
import { describeRuleShort } from './describe.ts';
import { createSimulator, type Packet, type SimulateOptions } from './simulate.ts';
import type { Decision } from './simulate-program.ts';

const REASONS: Record<Exclude<Decision['reason'], 'contained' | 'rule' | 'default' | 'outbound-open' | 'not-selected'>, string> = {
  loopback: 'allowed by the essential block: a host talks to itself',
  management: 'allowed by the essential block: SSH management from a console',
  icmp: 'allowed by the essential block: ICMP that a host cannot do without',
  dhcp: 'allowed by the essential block: DHCP',
  resolvers: 'allowed by the essential block: a resolver or time server in use',
  observed: 'allowed: this host observes and judges nothing',
};

/** What contains an end, until when and why; null where nothing did decide so. */
export function describeContained({ by }: Decision, policy: Policy): string | null {
  const containment = policy.containments.find((candidate) => candidate.id === by);
  return containment ? `blocked until ${containment.endsAt} by containment ${containment.id}: ${describeContainmentShort(containment)} (${containment.reason})` : null;
}

/** One end’s decision for people; `zone` is its zone’s name, `rule` the one that decided. */
export function describeDecision(decision: Decision, zone: string, rule: Rule | null): string {
  const would = decision.verdict === 'would-block' ? 'would be blocked once the zone enforces' : decision.verdict;
  switch (decision.reason) {
    case 'rule':
      return rule ? `${would} by rule ${rule.id}: ${describeRuleShort(rule)}${rule.reason === '' ? '' : ` (${rule.reason})`}` : would;
    case 'contained':
      return `${would} by a containment`;
    case 'default':
      return `${would}: no rule allows it, and zone ${zone} refuses what no rule allows`;
    case 'not-selected':
      return `allowed: zone ${zone} refuses by default only the services that it names, and this is none of them`;
    case 'outbound-open':
      return `allowed: outbound of zone ${zone} is open and no rule denies it`;
    case 'loopback':
    case 'management':
    case 'icmp':
    case 'dhcp':
    case 'resolvers':
    case 'observed':
      return REASONS[decision.reason];
  }
}

const enabled = ({ disabled: _, ...rule }: Rule): Rule => rule;

/** Rules that would allow the same two ends on another service or at another time: the usual reason is a wrong port. At most three. `ends` are the hosts that have the packet's addresses. */
export function nearMisses(packet: Packet, policy: Policy, ends: readonly FleetHost[], options: SimulateOptions): { rule: string; text: string }[] {
  const wouldDecide = (rule: Rule): boolean => {
    const { steps } = createSimulator({ ...policy, rules: [rule] }, ends, { ...options, assume: 'all-restricted' }).decideConnection(packet);
    return steps.some((step) => step.decision.by === rule.id);
  };
  const near = policy.rules.filter((rule) => {
    if (rule.action === 'deny') return false;
    return wouldDecide({ ...enabled(rule), services: [{ kind: 'any' }], schedule: null, as: null, servedBy: null });
  });
  const whyNot = (rule: Rule): string => {
    if (rule.disabled === true && wouldDecide(enabled(rule))) return 'the same ends and service, but it is disabled';
    if (!wouldDecide({ ...enabled(rule), schedule: null, as: null, servedBy: null })) return 'the same ends but another service';
    return rule.schedule ? 'the same ends and service, but not for this time' : 'the same ends and service, but not for everyone there';
  };
  return near.slice(0, 3).map((rule) => ({ rule: rule.id, text: `rule ${rule.id} is for ${whyNot(rule)}: ${describeRuleShort(rule)}` }));
}
