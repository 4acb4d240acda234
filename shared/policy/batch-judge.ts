import type { FlowVerdict } from '../model/flow.ts';
import type { FleetHost } from '../model/host.ts';
import type { Policy } from '../model/policy.ts';
import { type AddressClasses, createAddressClasses } from './address-classes.ts';
import { createBoundedMemo } from './bounded-memo.ts';
import { createSenderNumbers, createTimeNumbers } from './flow-context.ts';
import { createNotingJudge, type FlowJudgement, type JudgedFlow, toProtocol } from './judge-flow.ts';
import { createLedger } from './ledger.ts';
import { createPortClasses } from './port-classes.ts';
import { type Ip, readDotted, readIp } from './simulate-match.ts';
import { type Asks, PROTOCOL_KEYS } from './simulate-program.ts';
import { readSite, type SimulatedSite, type SimulateOptions } from './simulate.ts';

/** What judges of one policy and fleet have in common, whatever they assume. */
export type JudgedSite = { readonly site: SimulatedSite; readonly classes: AddressClasses; readonly ports: ReturnType<typeof createPortClasses> };

/** `site`: that of the policy and hosts, where the caller has it. */
export const readJudgedSite = (policy: Policy, hosts: readonly FleetHost[], nowMs: number, site = readSite(policy, hosts, nowMs)): JudgedSite => ({
  site,
  classes: createAddressClasses(policy, hosts, site.fleet),
  ports: createPortClasses(policy, hosts),
});

/**
 * Judges as `createFlowJudge` does, and millions of flows: what a verdict depends on is folded into whole numbers (host and direction, class of the
 * peer's address, protocol and class of the port; sender and time only where a rule of that host for that service asks for them), and each distinct ones are judged once. What is remembered is bounded, whatever comes.
 * Equal judgements may be one object. `judged`: that of the same policy, hosts and time, where the caller judges by them in several ways.
 */
export function createBatchJudge(policy: Policy, hosts: readonly FleetHost[], options: SimulateOptions, judged = readJudgedSite(policy, hosts, options.nowMs)): (flow: JudgedFlow) => FlowJudgement {
  const { site, ports } = judged;
  const judge = createNotingJudge(policy, hosts, options, site);
  const { classOf, isOf } = judged.classes;
  const readV6 = createLedger<string, Ip>(MAX_PEERS, readIp);
  const protocolOf = createLedger<string, number>(MAX_PROTOCOLS, (text) => PROTOCOL_KEYS[toProtocol(text)]);
  const contextOf = createContextReader(policy);
  const answers = createAnswerBook();
  const memo = createBoundedMemo(bitsFor(hosts.length));
  const reporters = new Map(hosts.map((host, number) => [host.id, number]));
  return (flow) => {
    const reporter = reporters.get(flow.reporter);
    if (reporter === undefined || flow.direction === 'forward') return judge(flow).judgement;
    const peer = readDotted(flow.peerAddress) ?? readV6(flow.peerAddress);
    // Its own addresses are loopback to it, and peers like others of their class to everybody else; nearly nothing is recorded there.
    if (isOf(peer, reporter)) return judge(flow).judgement;
    const place = reporter * 2 + (flow.direction === 'in' ? 0 : 1);
    const peers = classOf(peer);
    const service = toService(protocolOf(flow.protocol), ports[flow.port] ?? flow.port, flow.verdict);
    const known = answers.at(memo.find(place, peers, service, 0, 0));
    if (known && 'kind' in known) return known;
    const before = known && answers.at(memo.find(place, peers, service, ...contextOf(known, flow)));
    if (before && 'kind' in before) return before;
    const { judgement, asks } = judge(flow);
    if (asks.sender || asks.time) {
      memo.keep(place, peers, service, 0, 0, answers.numberOf(asks));
      memo.keep(place, peers, service, ...contextOf(asks, flow), answers.numberOf(judgement));
    } else memo.keep(place, peers, service, 0, 0, answers.numberOf(judgement));
    return judgement;
  };
}

/** Sender and time as numbers from 1 on, beside the 0 of judgements that depend on neither; 1 of whatever is not asked for. */
function createContextReader(policy: Policy): (asks: Asks, flow: JudgedFlow) => [sender: number, time: number] {
  const senderOf = createSenderNumbers(policy);
  const timeOf = createTimeNumbers(policy);
  return ({ sender, time }, { user, unit, lastSeenAtMs }) => [sender ? senderOf(user, unit) : 1, time ? timeOf(lastSeenAtMs) : 1];
}

/** A judgement, or what else one must know to look for it. */
type Remembered = FlowJudgement | Asks;

/** Numbers answers: there are hardly more distinct ones than rules. */
function createAnswerBook(): { readonly at: (number: number) => Remembered | undefined; readonly numberOf: (answer: Remembered) => number } {
  const list: Remembered[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (answer: Remembered): number => {
    const key = keyOf(answer);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, list.length);
    return list.push(answer) - 1;
  };
  // A list asked for its place -1 looks for a property of that name, which takes longer than all the rest.
  return { at: (number) => (number < 0 ? undefined : list[number]), numberOf };
}

function keyOf(answer: Remembered): string {
  if (!('kind' in answer)) return `asks ${answer.sender} ${answer.time}`;
  return answer.kind === 'decided' ? `${answer.verdict} ${answer.by}` : `${answer.kind} ${answer.why}`;
}

/** IPv6 addresses that are remembered as read. */
const MAX_PEERS = 262_144;
const MAX_PROTOCOLS = 1024;

/** Several times what a host has of peers and services that differ to a policy; 4,096 to half a million (16 MB) in all. */
const bitsFor = (hosts: number): number => Math.min(19, Math.max(12, Math.ceil(Math.log2(hosts + 1)) + 7));

/** Protocol, class of the port and, for ICMP, whether it was accepted, from which its type is told. */
function toService(protocol: number, portClass: number, verdict: FlowVerdict): number {
  const isEcho = (protocol === PROTOCOL_KEYS.icmp || protocol === PROTOCOL_KEYS.icmpv6) && verdict === 'accepted';
  return (protocol * 131_072 + portClass) * 2 + (isEcho ? 1 : 0);
}
