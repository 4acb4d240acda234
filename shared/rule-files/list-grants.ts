import type { Address } from '../net/address.ts';
import { LAST_PORT, type PortRange } from '../net/port-set.ts';
import { type RangeSet, toRangeSet } from '../net/range-set.ts';
import { classifySources, conditionsOf, cutPorts, type SourceClass } from './cut-lines.ts';
import { findSpecialUse } from '../net/special-networks.ts';
import { createHostRules, type Decider, type HostRules, type Judgement } from './judge-packet.ts';
import { WHICH_ADDRESS } from './match-condition.ts';
import { PORT_PROTOCOLS } from './read-values.ts';
import type { ForeignRule, RuleFile } from './rule-file.ts';

/**
 * Who may open connections to the host, on what. `protocol` null: any that no rule names. `ports` null: the protocol has none, or all of them. `isSure` false: it depends on `why`.
 * `deciders`: what lets it in, policies of chains too.
 */
export type Grant = { readonly protocol: number | null; readonly ports: PortRange | null; readonly from: RangeSet; readonly isSure: boolean; readonly why: readonly string[]; readonly deciders: readonly Decider[] };

/** `isWhole` false: there were more combinations than are looked at, and nothing is listed. `deciding`: every rule that decides, or may decide, about anything. */
export type Grants = { readonly grants: readonly Grant[]; readonly isWhole: boolean; readonly deciding: ReadonlySet<ForeignRule>; readonly combinations: number };

/** Combinations times what each asks; about four seconds. */
const MAX_STEPS = 100_000_000;
/** Ranges of ports are compared so much faster than rules. */
const RANGES_A_STEP = 8;
/** Conditions times ranges of addresses, before any are compared: what would have to be kept. */
const MAX_MARKS = 30_000_000;
const ICMP = [1, 58];
/** Stands for every protocol that no rule names (RFC 3692: for experiments). */
const ANY_OTHER = 253;

/** Everything that a host's rules let in, exactly: rules cut addresses, ports and protocols into parts that they treat alike, and one packet of each part is judged. `known`: the host's addresses, empty where they are not known. */
export function listGrants(files: readonly RuleFile[], known: readonly Address[]): Grants {
  const own = withCommonAddresses(files, known);
  const deciding = new Set<ForeignRule>();
  const named = [...new Set([...conditionsOf(files)].flatMap((condition) => (condition.kind === 'source' ? [condition.ranges] : [])))];
  const marks = named.length * named.reduce((sum, ranges) => sum + ranges.length, 0);
  if (marks > MAX_MARKS) return { grants: [], isWhole: false, deciding, combinations: marks };
  const rules = createHostRules(files);
  const sources = classifySources(files).filter(({ example }) => files.some(({ families }) => families.includes(example.family)));
  const protocols = namedProtocols(files);
  const lines = protocols.map((protocol) => ({ protocol, cuts: PORT_PROTOCOLS.includes(protocol) ? cutPorts(files, 'port') : ICMP.includes(protocol) ? cutPorts(files, 'type', 255) : [null] }));
  const combinations = sources.length * lines.reduce((sum, { cuts }) => sum + cuts.length, 0);
  if (combinations * questionsOf(files) * Math.max(1, own.length) > MAX_STEPS) return { grants: [], isWhole: false, deciding, combinations };
  const grants = lines.flatMap(({ protocol, cuts }) => joinPorts(cuts.flatMap((ports) => grantsOf({ rules, sources, own, deciding }, protocol, ports))));
  return { grants, isWhole: true, deciding, combinations };
}

/** What judging one packet may have to ask at most: each rule, each pair of a concatenated set, each range of ports. At least 1. */
export function questionsOf(files: readonly RuleFile[]): number {
  let questions = 1 + files.reduce((sum, file) => sum + file.rules, 0);
  for (const condition of conditionsOf(files)) {
    if (condition.kind === 'oneOf') questions += condition.tuples.length;
    else if (condition.kind === 'port' || condition.kind === 'sourcePort') questions += condition.ports.length / RANGES_A_STEP;
  }
  return questions;
}

/** Every host has link-local addresses and listens to groups, whatever else is known: of those that rules name, one each. */
function withCommonAddresses(files: readonly RuleFile[], known: readonly Address[]): Address[] {
  const families = new Set(known.map(({ family }) => family));
  const named = [...conditionsOf(files)].flatMap((condition) => (condition.kind === 'destination' ? condition.ranges.map(({ family, first }) => ({ family, value: first })) : []));
  const common = named.filter((address) => families.has(address.family) && /^(link-local|multicast)$/.test(findSpecialUse(address)?.what ?? ''));
  return [...new Map([...known, ...common].map((address) => [`${address.family} ${address.value}`, address])).values()];
}

function namedProtocols(files: readonly RuleFile[]): number[] {
  const named = new Set([6, 17, 1, 58]);
  for (const condition of conditionsOf(files)) {
    if (condition.kind === 'protocol') for (const number of condition.numbers) named.add(number);
    // Rules for a port of any protocol name none in particular.
    if (condition.kind === 'port' && condition.protocols.length === 1) for (const number of condition.protocols) named.add(number);
  }
  return [...named, ANY_OTHER];
}

type Host = { readonly rules: HostRules; readonly sources: readonly SourceClass[]; readonly own: readonly Address[]; readonly deciding: Set<ForeignRule> };

function grantsOf({ rules, sources, own, deciding }: Host, protocol: number, ports: PortRange | null): Grant[] {
  const found = new Map<string, { isSure: boolean; ranges: RangeSet[]; why: Set<string>; deciders: Map<string, Decider> }>();
  for (const { ranges, example } of sources) {
    if ((protocol === 1 && example.family === 6) || (protocol === 58 && example.family === 4)) continue;
    const judged = judgeTo(rules, { from: example, protocol, port: ports?.from ?? null }, own);
    for (const { rule } of [...judged.accept, ...judged.drop]) if (rule !== null) deciding.add(rule);
    if (!judged.mayPass) continue;
    const isSure = judged.drop.length === 0;
    const key = `${isSure ? '' : judged.why.join('|')} ${judged.accept.map(decidedBy).join('|')}`;
    const grant = found.get(key) ?? { isSure, ranges: [], why: new Set(judged.why), deciders: new Map(judged.accept.map((decider) => [decidedBy(decider), decider])) };
    grant.ranges.push(ranges);
    found.set(key, grant);
  }
  return [...found.values()].map(({ isSure, ranges, why, deciders }) => ({ protocol: protocol === ANY_OTHER ? null : protocol, ports, from: toRangeSet(ranges.flat()), isSure, why: [...why], deciders: [...deciders.values()] }));
}

const decidedBy = ({ file, chain, rule }: Decider): string => `${file} ${chain} ${rule === null ? 'policy' : rule.line}`;

/** To any of the host's addresses: what one of them lets in is let in, and what others refuse then depends on the address. */
function judgeTo(rules: HostRules, packet: { from: Address; protocol: number; port: number | null }, own: readonly Address[]): Judgement {
  const ours = own.filter(({ family }) => family === packet.from.family);
  if (ours.length === 0) return rules.judge({ ...packet, to: null });
  const all = ours.map((to) => rules.judge({ ...packet, to }));
  const unique = (list: readonly Decider[]) => [...new Map(list.map((decider) => [decidedBy(decider), decider])).values()];
  const [accept, drop] = [unique(all.flatMap((one) => one.accept)), unique(all.flatMap((one) => one.drop))];
  const mayPass = all.some((one) => one.mayPass);
  const differs = mayPass && all.some((one) => !one.mayPass);
  return { mayPass, accept, drop, why: [...new Set([...all.flatMap(({ why }) => why), ...(differs ? [WHICH_ADDRESS] : [])])], isKnown: true };
}

/** Neighbouring ports with the same answer become one range; a protocol whose every port has it has null. Each grant is looked at once: a host may have one for every other port. */
function joinPorts(grants: readonly Grant[]): Grant[] {
  const open: Grant[] = [];
  const placeByEnd = new Map<string, number>();
  for (const grant of grants) {
    const answer = answerOf(grant);
    const place = grant.ports === null ? undefined : placeByEnd.get(`${grant.ports.from - 1} ${answer}`);
    const before = place === undefined ? undefined : open[place];
    if (place !== undefined && before?.ports && grant.ports) open[place] = { ...before, ports: { from: before.ports.from, to: grant.ports.to } };
    else open.push(grant);
    if (grant.ports !== null) placeByEnd.set(`${grant.ports.to} ${answer}`, place ?? open.length - 1);
  }
  return open.map((grant) => (grant.ports?.from === 0 && (grant.ports.to === LAST_PORT || (ICMP.includes(grant.protocol ?? -1) && grant.ports.to === 255)) ? { ...grant, ports: null } : grant));
}

/** Equal for grants that say the same of other ports. */
const answerOf = ({ isSure, from, why, deciders }: Grant): string =>
  JSON.stringify([isSure, from.map(({ family, first, last }) => `${family} ${first} ${last}`), why, deciders.map(decidedBy)]);
