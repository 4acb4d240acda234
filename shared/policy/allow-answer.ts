import type { FleetHost } from '../model/host.ts';
import { RuleId } from '../model/ids.ts';
import type { Policy, Rule } from '../model/policy.ts';
import { createBatchJudge } from './batch-judge.ts';
import type { FlowFold } from './fold-flows.ts';
import type { FlowJudgement } from './judge-flow.ts';

/** `decided`: a rule or the essential block says yes or no. Else `why` says what an allow rule for the two hosts could not change; null: it would let the flow in. */
export type AllowAnswer = { readonly isDecided: true } | { readonly isDecided: false; readonly why: string | null };

/**
 * Whether an allow rule for the two hosts would help a flow, as if every host enforced and restricted outbound. Some do not hang on a missing rule: where a
 * deny rule may or may not apply, no rule that is suggested would ever make the flow certain.
 */
export function createAllowAsker(policy: Policy, hosts: readonly FleetHost[], { nowMs }: { readonly nowMs: number }): (fold: FlowFold) => AllowAnswer {
  const judge = createBatchJudge(policy, hosts, { nowMs, assume: 'all-restricted' });
  let judgeWithAllow: typeof judge | null = null;
  const helps = (fold: FlowFold): boolean => {
    judgeWithAllow ??= createBatchJudge({ ...policy, rules: [...policy.rules, ALLOW_ALL] }, hosts, { nowMs, assume: 'all-restricted' });
    return isAllowed(judgeWithAllow(fold.flow));
  };
  const ownAddresses = new Map(hosts.map((host) => [host.id, { v6: host.addresses.filter(isV6).length, v4: host.addresses.filter((address) => !isV6(address)).length }]));
  return (fold) => {
    const judgement = judge(fold.flow);
    if (judgement.kind === 'decided' && (judgement.verdict === 'allowed' || judgement.by !== null)) return { isDecided: true };
    const own = ownAddresses.get(fold.reporter.id)?.[isV6(fold.flow.peerAddress) ? 'v6' : 'v4'] ?? 0;
    if (own === 0) return { isDecided: false, why: describeFamily(fold) };
    // With one address a default is a default; with more, a deny rule may wait behind another of them.
    const isSure = judgement.kind === 'decided' && own === 1;
    return { isDecided: false, why: isSure || helps(fold) ? null : judgement.kind === 'unknown' ? judgement.why : DENIED_SOMEWHERE };
  };
}

const DENIED_SOMEWHERE = 'a deny rule holds for some of its own addresses, and which of them the host used is not recorded';

const isV6 = (address: string): boolean => address.includes(':');

const isAllowed = (judgement: FlowJudgement): boolean => judgement.kind === 'decided' && judgement.verdict === 'allowed';

const describeFamily = ({ flow, reporter }: FlowFold): string =>
  `no ${isV6(flow.peerAddress) ? 'IPv6' : 'IPv4'} address of ${reporter.name} is known, so a rule for it would not cover this; collect from it, or add its address`;

/** Stands for whatever could be suggested; it is never shown. */
const ALLOW_ALL: Rule = {
  id: RuleId.parse('r_000000000000'),
  action: 'allow',
  from: { kind: 'any' },
  to: { kind: 'any' },
  services: [{ kind: 'any' }],
  as: null,
  servedBy: null,
  schedule: null,
  owner: '',
  reason: '',
  ticket: '',
  reviewOn: null,
  expiresOn: null,
};
