import type { FleetHost } from '../model/host.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { type Family, getAddress, parseAddress, printAddress } from '../net/address.ts';
import { printLabels } from '../text/label-text.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';
import { printSelectorSet } from '../text/selector-text.ts';
import { describeRuleShort } from './describe.ts';
import { samplesOf } from './sample-services.ts';
import { expandServices } from './service-match.ts';
import { type ConnectionDecision, type ConnectionStep, createSimulator, type Packet, type SimulateOptions } from './simulate.ts';
import { type Decision, SEVERITY, type Verdict } from './simulate-program.ts';
import { zoneOfHosts } from './zones.ts';

export type ExplainQuestion = { readonly from: string; readonly to: string; readonly service: ServiceRef };
export type ExplainStep = { readonly where: string; readonly text: string; readonly rule: string | null };
export type Explained = { readonly verdict: Verdict; readonly steps: readonly ExplainStep[] };

/**
 * Why `from` may or may not reach `to` (host names or addresses): who they are, what each end decides and by which rule. Where the answer
 * depends on the address or the port, the worst is explained. Issues: a name that is neither host nor address, or ends without a common family.
 */
export function explain(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions, question: ExplainQuestion): Parsed<Explained> {
  const from = findEnd(question.from, hosts);
  const to = findEnd(question.to, hosts);
  if (!from.ok) return from;
  if (!to.ok) return to;
  const samples = samplesOf(expandServices([question.service], policy.services));
  const packets = from.value.addresses.flatMap((source) =>
    to.value.addresses.flatMap((destination) => samples.flatMap((sample) => toPacket(source, destination, sample))),
  );
  if (packets.length === 0) return failed(`${question.from} and ${question.to} have no addresses of one family for this service, so no connection can be made`);
  const simulator = createSimulator(policy, hosts, options);
  const decided = packets.map((packet) => ({ packet, decision: simulator.decideConnection(packet) }));
  const worst = decided.reduce((a, b) => (SEVERITY[b.decision.verdict] > SEVERITY[a.decision.verdict] ? b : a));
  const agree = decided.every(({ decision }) => decision.verdict === worst.decision.verdict);
  const steps = [
    describeEnd('source', from.value, worst.packet.source, policy, hosts),
    describeEnd('destination', to.value, worst.packet.destination, policy, hosts),
    ...describeSteps(worst.decision, policy, hosts),
    ...(worst.decision.by === null && worst.decision.verdict !== 'allowed' ? nearMisses(worst.packet, policy, hosts, options) : []),
    ...(agree
      ? []
      : [
          {
            where: 'note',
            text: `other addresses or ports of the two give another answer; this is ${worst.packet.source} → ${worst.packet.destination} ${worst.packet.protocol}/${worst.packet.port ?? 0}`,
            rule: null,
          },
        ]),
  ];
  return parsed({ verdict: worst.decision.verdict, steps });
}

type End = { readonly name: string; readonly host: FleetHost | null; readonly addresses: readonly string[] };

function findEnd(text: string, hosts: readonly FleetHost[]): Parsed<End> {
  const name = text.trim();
  const host = hosts.find((candidate) => candidate.name === name);
  if (host)
    return host.addresses.length > 0 ? parsed({ name, host, addresses: host.addresses }) : failed(`${name} has no known address; collect from it first`);
  const address = parseAddress(name);
  if (!address.ok) return failed(`“${name}” is neither a host of this workspace nor an address`);
  const printed = printAddress(address.value);
  return parsed({ name: printed, host: hosts.find((candidate) => candidate.addresses.includes(printed)) ?? null, addresses: [printed] });
}

function toPacket(source: string, destination: string, sample: { protocol: Packet['protocol']; port: number | null; family?: Family }): Packet[] {
  const { family } = getAddress(source);
  if (family !== getAddress(destination).family || (sample.family ?? family) !== family) return [];
  return [{ source, destination, protocol: sample.protocol, port: sample.port, sourcePort: null }];
}

function describeEnd(where: string, end: End, address: string, policy: Policy, hosts: readonly FleetHost[]): ExplainStep {
  if (!end.host) return { where, text: `${address} belongs to no host of this workspace: only rules for any, networks and IP lists can mean it`, rule: null };
  const { zone, alsoMatches } = zoneOfHosts(policy, hosts).get(end.host.id) ?? { zone: null, alsoMatches: [] };
  const labels = printLabels(end.host.labels);
  const inZone = zone
    ? `in zone ${zone.name} (${zone.mode}, outbound ${zone.outbound}) because ${printSelectorSet(zone.select)}`
    : 'in no zone, so it is observed';
  const also = alsoMatches.length > 0 ? `; also selected by ${alsoMatches.join(', ')}, which come later in the order` : '';
  const managed = end.host.managed ? '' : '; it has no agent, so nothing is decided there';
  return { where, text: `${end.host.name} (${address}) has ${labels === '' ? 'no labels' : labels}; ${inZone}${also}${managed}`, rule: null };
}

function describeSteps(decision: ConnectionDecision, policy: Policy, hosts: readonly FleetHost[]): ExplainStep[] {
  if (decision.steps.length === 0) return [{ where: 'between', text: 'neither end has an agent, so nothing of ours stands in between', rule: null }];
  const zones = zoneOfHosts(policy, hosts);
  return decision.steps.map((step: ConnectionStep) => {
    const zone = zones.get(step.host.id)?.zone?.name ?? 'no zone';
    const rule = policy.rules.find((candidate) => candidate.id === step.decision.by);
    return {
      where: `${step.host.name} ${step.direction === 'in' ? 'inbound' : 'outbound'}`,
      text: describeDecision(step.decision, zone, rule ?? null) + describeBlindness(step, rule ?? null),
      rule: rule?.id ?? null,
    };
  });
}

/** What this end cannot see, or was not told. */
function describeBlindness({ direction, decision }: ConnectionStep, rule: Rule | null): string {
  if (direction === 'in' && rule?.as) return `; this end does not see who sends there, so it lets in everyone on that host${describeDoubt(decision)}`;
  return describeDoubt(decision);
}

const describeDoubt = ({ verdict, atBest }: Decision): string => (atBest === verdict ? '' : `; it depends on the user, group or unit there: for some it is ${atBest}`);

const REASONS: Record<Exclude<Decision['reason'], 'rule' | 'default' | 'outbound-open' | 'not-selected'>, string> = {
  loopback: 'allowed by the essential block: a host talks to itself',
  management: 'allowed by the essential block: SSH management from a console',
  icmp: 'allowed by the essential block: ICMP that a host cannot do without',
  dhcp: 'allowed by the essential block: DHCP',
  resolvers: 'allowed by the essential block: a resolver or time server in use',
  observed: 'allowed: this host observes and judges nothing',
};

function describeDecision(decision: Decision, zone: string, rule: Rule | null): string {
  const would = decision.verdict === 'would-block' ? 'would be blocked once the zone enforces' : decision.verdict;
  switch (decision.reason) {
    case 'rule':
      return rule ? `${would} by rule ${rule.id}: ${describeRuleShort(rule)}${rule.reason === '' ? '' : ` (${rule.reason})`}` : would;
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

/** Rules that would allow the same two ends on another service or at another time: the usual reason is a wrong port. At most three. */
function nearMisses(packet: Packet, policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions): ExplainStep[] {
  const wouldDecide = (rule: Rule): boolean => {
    const { steps } = createSimulator({ ...policy, rules: [rule] }, hosts, { ...options, assume: 'all-restricted' }).decideConnection(packet);
    return steps.some((step) => step.decision.by === rule.id);
  };
  const near = policy.rules.filter((rule) => {
    if (rule.action === 'deny') return false;
    return wouldDecide({ ...rule, services: [{ kind: 'any' }], schedule: null, as: null, servedBy: null });
  });
  const whyNot = (rule: Rule) => (wouldDecide({ ...rule, schedule: null, as: null, servedBy: null }) ? rule.schedule ? 'the same ends and service, but not for this time' : 'the same ends and service, but not for everyone there' : 'the same ends but another service');
  return near.slice(0, 3).map((rule) => ({ where: 'near miss', text: `rule ${rule.id} is for ${whyNot(rule)}: ${describeRuleShort(rule)}`, rule: rule.id }));
}
