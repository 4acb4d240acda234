import type { FleetHost } from '../model/host.ts';
import type { Identity } from '../model/identity.ts';
import type { HostId } from '../model/ids.ts';
import type { Policy, Rule } from '../model/policy.ts';
import type { ServiceRef } from '../model/service.ts';
import { describeAs } from '../text/identity-text.ts';
import { printLabels } from '../text/label-text.ts';
import { failed, type Parsed, parsed } from '../text/parsed.ts';
import { printSelectorSet } from '../text/selector-text.ts';
import { printUtc } from '../time/schedule-windows.ts';
import { type ConnectionEnd, findEnds } from './explain-ends.ts';
import { countPairs, type DecidedPair, decidePairs, type PairCounts, worstPair } from './explain-pairs.ts';
import { describeContained, describeDecision, nearMisses } from './explain-words.ts';
import { samplesOf } from './sample-services.ts';
import { expandServices } from './service-match.ts';
import { createSimulator, type ConnectionStep, type Packet, type SimulateOptions } from './simulate.ts';
import type { Sender } from './simulate-identity.ts';
import { createPublishedReader, type Decision, type Verdict } from './simulate-program.ts';
import { zoneOfHosts } from './zones.ts';

/** `as` is who sends; null is not known. `atMs` null is now. */
export type ExplainQuestion = { readonly from: string; readonly to: string; readonly service: ServiceRef; readonly as?: Identity | null; readonly atMs?: number | null };
/** `host` and `direction` say where the step decides; null for what is no decision of a host. */
export type ExplainStep = { readonly where: string; readonly text: string; readonly rule: string | null; readonly host: HostId | null; readonly direction: 'in' | 'out' | null };
/** `pair` is the one that is explained; `pairs` null where only one was asked about. */
export type Explained = { readonly verdict: Verdict; readonly steps: readonly ExplainStep[]; readonly pair: Pick<DecidedPair, 'from' | 'to' | 'packet'>; readonly pairs: PairCounts | null };

/** A question about more pairs is no longer one that a person reads the answer of, and would take seconds. */
const MAX_PAIRS = 20_000;
/** Of an address of one side with one of the other. A host has a few, and may report thousands. */
const MAX_ADDRESS_PAIRS = 200_000;

/**
 * Why `from` may or may not reach `to` (each a host, an address, or what may stand at an end of a rule): who they are, what each end decides and by
 * which rule. Where the answer depends on the pair, the address or the port, the worst is explained. Issues: ends that cannot be read, or that cannot meet.
 */
export function explain(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions, question: ExplainQuestion): Parsed<Explained> {
  const from = findEnds(question.from, policy, hosts);
  const to = findEnds(question.to, policy, hosts);
  if (!from.ok) return from;
  if (!to.ok) return to;
  if (from.value.length * to.value.length > MAX_PAIRS) return failed(`${question.from} and ${question.to} are ${from.value.length} × ${to.value.length} pairs; name fewer, ${MAX_PAIRS} at most`);
  const [sources, destinations] = [countAddresses(from.value), countAddresses(to.value)];
  if (sources * destinations > MAX_ADDRESS_PAIRS) return failed(`${question.from} and ${question.to} have ${sources} × ${destinations} addresses, too many to go through; name single addresses or fewer hosts`);
  const atMs = question.atMs ?? options.nowMs;
  const samples = samplesOf(expandServices([question.service], policy.services));
  const pairs = decidePairs(createSimulator(policy, hosts, options), { from: from.value, to: to.value }, { samples, sender: toSender(question.as ?? null), atMs });
  const worst = worstPair(pairs);
  if (!worst) return failed(`${question.from} and ${question.to} have no addresses of one family for this service, so no connection can be made`);
  const ends = hosts.filter(({ addresses }) => addresses.includes(worst.packet.source) || addresses.includes(worst.packet.destination));
  const steps = [
    ...describeAsked(question),
    describeEnd('source', worst.from, worst.packet.source, policy, hosts),
    describeEnd('destination', worst.to, worst.packet.destination, policy, hosts),
    ...describeSteps(worst, policy, hosts),
    ...(worst.decision.by === null && worst.decision.verdict !== 'allowed' ? nearMisses(worst.packet, policy, ends, options).map(({ rule, text }) => ({ ...note('near miss', text), rule })) : []),
    ...(worst.agree ? [] : [note('note', `other addresses or ports of the two give another answer; this is ${printPacket(worst.packet)}`)]),
  ];
  const isOne = from.value.length * to.value.length === 1;
  return parsed({ verdict: worst.decision.verdict, steps, pair: worst, pairs: isOne ? null : countPairs(pairs) });
}

const countAddresses = (ends: readonly ConnectionEnd[]): number => ends.reduce((sum, { addresses }) => sum + addresses.length, 0);
const note = (where: string, text: string): ExplainStep => ({ where, text, rule: null, host: null, direction: null });
const toSender = (as: Identity | null): Sender => (as === null ? {} : { [as.kind]: as.name });
const printPacket = ({ source, destination, protocol, port }: Packet): string => `${source} → ${destination} ${protocol}/${port ?? 0}`;

function describeAsked({ as = null, atMs = null }: ExplainQuestion): ExplainStep[] {
  if (as === null && atMs === null) return [];
  return [note('asked', `a connection${describeAs(as)}${atMs === null ? '' : ` at ${printUtc(atMs)} UTC`}`)];
}

function describeEnd(where: string, end: ConnectionEnd, address: string, policy: Policy, hosts: readonly FleetHost[]): ExplainStep {
  if (!end.host) return note(where, `${address} belongs to no host of this workspace: only rules for any, networks and IP lists can mean it`);
  const { zone, alsoMatches } = zoneOfHosts(policy, hosts).get(end.host.id) ?? { zone: null, alsoMatches: [] };
  const labels = printLabels(end.host.labels);
  const inZone = zone
    ? `in zone ${zone.name} (${zone.mode}, outbound ${zone.outbound}) because ${printSelectorSet(zone.select)}`
    : 'in no zone, so it is observed';
  const also = alsoMatches.length > 0 ? `; also selected by ${alsoMatches.join(', ')}, which come later in the order` : '';
  const managed = end.host.managed ? '' : '; it has no agent, so nothing is decided there';
  return note(where, `${end.host.name} (${address}) has ${labels === '' ? 'no labels' : labels}; ${inZone}${also}${managed}`);
}

function describeSteps({ decision, packet }: DecidedPair, policy: Policy, hosts: readonly FleetHost[]): ExplainStep[] {
  if (decision.steps.length === 0) return [note('between', 'neither end has an agent, so nothing of ours stands in between')];
  const zones = zoneOfHosts(policy, hosts);
  return decision.steps.map((step: ConnectionStep) => {
    const zone = zones.get(step.host.id)?.zone?.name ?? 'no zone';
    const rule = policy.rules.find((candidate) => candidate.id === step.decision.by) ?? null;
    return {
      where: `${step.host.name} ${step.direction === 'in' ? 'inbound' : 'outbound'}`,
      text: describeContained(step.decision, policy) ?? describeDecision(step.decision, zone, rule) + describeRedirection(step, packet) + describeBlindness(step, rule),
      rule: rule?.id ?? null,
      host: step.host.id,
      direction: step.direction,
    };
  });
}

function describeRedirection({ host, direction, decision }: ConnectionStep, packet: Packet): string {
  if (direction === 'out' || !decision.judged || !createPublishedReader(host)(packet)) return '';
  return '; the host redirects this port to a container, so it is judged where it passes, as what comes in to the host, and rules for a unit do not hold there';
}

/** What this end cannot see, or was not told. */
function describeBlindness({ direction, decision }: ConnectionStep, rule: Rule | null): string {
  if (direction === 'in' && rule?.as) return `; this end does not see who sends there, so it lets in everyone on that host${describeDoubt(decision)}`;
  return describeDoubt(decision);
}

const describeDoubt = ({ verdict, atBest }: Decision): string => (atBest === verdict ? '' : `; it depends on the user, group or unit there: for some it is ${atBest}`);
