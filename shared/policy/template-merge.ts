import { z } from 'zod';
import type { FleetHost } from '../model/host.ts';
import type { RuleId } from '../model/ids.ts';
import type { Peer } from '../model/peer.ts';
import type { Policy, PolicyTest, Rule, Zone } from '../model/policy.ts';
import type { Service } from '../model/service.ts';
import { printPeer } from '../text/peer-text.ts';
import { printServiceEntry } from '../text/service-text.ts';
import { describeRuleShort, describeTest, describeZone } from './describe.ts';
import { createResolver, type Resolver } from './resolve.ts';
import { runPolicyTests } from './run-policy-tests.ts';
import type { LeftOut } from './template-left-out.ts';
import type { TemplateParts } from './template-parts.ts';
import { zoneOfHosts } from './zones.ts';

/** One part of a template against a draft. `differs`: the draft has something else of that name, which stays as it is. `note` is one sentence for people, or ''. */
export const TemplateItem = z.strictObject({
  what: z.enum(['service', 'zone', 'rule', 'test']),
  text: z.string(),
  state: z.enum(['new', 'there', 'differs', 'left-out']),
  note: z.string(),
});
export type TemplateItem = z.infer<typeof TemplateItem>;

type MergeOptions = { readonly nowMs: number; readonly newRuleId: () => RuleId };

/**
 * The draft with what the template adds to it, and what became of each part. Nothing of the draft is changed, and doing it twice adds nothing. New
 * zones come last, in observe. A test that does not hold on the result, or covers nobody yet, is left out and said: with it no push would be possible.
 */
export function mergeTemplate(draft: Policy, parts: TemplateParts, hosts: readonly FleetHost[], options: MergeOptions): { policy: Policy; items: TemplateItem[] } {
  const services = parts.services.map((service) => judgeService(service, draft));
  const zones = parts.zones.map((zone) => judgeZone(zone, draft));
  const known = new Set(draft.rules.map(describeRuleShort));
  const rules = parts.rules.map((rule) => ({ part: rule, state: known.has(describeRuleShort(rule)) ? 'there' : 'new' }) as const);
  const merged: Policy = {
    zones: [...draft.zones, ...onlyNew(zones)],
    rules: [...draft.rules, ...onlyNew(rules).map((rule): Rule => ({ ...rule, id: options.newRuleId() }))],
    services: [...draft.services, ...onlyNew(services)],
    ipLists: draft.ipLists,
    tests: draft.tests,
    containments: draft.containments,
  };
  const resolver = createResolver(merged, hosts);
  const tests = judgeTests(parts.tests, merged, hosts, options.nowMs);
  const items: TemplateItem[] = [
    ...services.map(({ part, state, note }) => ({ what: 'service' as const, text: describe(part), state, note })),
    ...zones.map(({ part, state, note }) => ({ what: 'zone' as const, text: `${part.name}: ${describeZone({ ...part, note: '' })}`, state, note: state === 'new' ? sayMembers(part, merged, hosts) : note })),
    ...rules.map(({ part, state }) => ({ what: 'rule' as const, text: describeRuleShort(part), state, note: sayNobody(part, resolver) })),
    ...tests.map(({ part, state, note }) => ({ what: 'test' as const, text: describeTest(part), state, note })),
  ];
  return { policy: { ...merged, tests: [...draft.tests, ...onlyNew(tests)] }, items };
}

/** What a parameter set to `none` left out, as items. */
export const itemsOfLeftOut = (leftOut: readonly LeftOut[]): TemplateItem[] =>
  leftOut.map(({ what, text, parameters }) => ({ what, text, state: 'left-out', note: `${parameters.join(' and ')} ${parameters.length === 1 ? 'is' : 'are'} none` }));

type Judged<T> = { readonly part: T; readonly state: TemplateItem['state']; readonly note: string };

const onlyNew = <T>(judged: readonly { readonly part: T; readonly state: TemplateItem['state'] }[]): T[] => judged.flatMap(({ part, state }) => (state === 'new' ? [part] : []));

const portsOf = (service: Service): string => service.entries.map(printServiceEntry).join(',');
const describe = (service: Service): string => `${service.name} ${portsOf(service)}`;

function judgeService(part: Service, draft: Policy): Judged<Service> {
  const former = draft.services.find(({ name }) => name === part.name);
  if (former === undefined) return { part, state: 'new', note: '' };
  if (portsOf(former) === portsOf(part)) return { part, state: 'there', note: '' };
  return { part, state: 'differs', note: `the draft’s own ${part.name} is ${portsOf(former)}; it stays, and the template’s rules mean it` };
}

function judgeZone(part: Zone, draft: Policy): Judged<Zone> {
  const former = draft.zones.find(({ name }) => name === part.name);
  if (former === undefined) return { part, state: 'new', note: '' };
  const settings = (zone: Zone) => describeZone({ ...zone, mode: 'observe', note: '' });
  if (settings(former) === settings(part)) return { part, state: 'there', note: '' };
  return { part, state: 'differs', note: `the draft’s own zone ${part.name} stays as it is: ${settings(former)}` };
}

function judgeTests(parts: readonly PolicyTest[], merged: Policy, hosts: readonly FleetHost[], nowMs: number): Judged<PolicyTest>[] {
  const known = new Set(merged.tests.map(describeTest));
  const tests = parts.filter((test) => !known.has(describeTest(test)));
  const { broken } = runPolicyTests({ ...merged, tests }, hosts, { nowMs });
  return parts.map((part) => {
    const text = `${describeTest(part)}: `;
    const line = broken.find((one) => one.startsWith(text));
    if (known.has(describeTest(part))) return { part, state: 'there', note: '' };
    if (line === undefined) return { part, state: 'new', note: '' };
    return { part, state: 'left-out', note: `it does not hold yet (${line.slice(text.length)}); apply the template again when it does` };
  });
}

/** Ends of the rule that are no host now. An address list is somebody, whether or not a host of the inventory is in it. */
function sayNobody(rule: Pick<Rule, 'from' | 'to'>, resolver: Resolver): string {
  const isNobody = (peer: Peer) => resolver.resolvePeer(peer).match.kind === 'none';
  const nobody = [...new Set([rule.from, rule.to].filter(isNobody).map(printPeer))];
  return nobody.length === 0 ? '' : `nobody is ${nobody.join(' or ')} now: the rule does nothing yet`;
}

function sayMembers(zone: Zone, policy: Policy, hosts: readonly FleetHost[]): string {
  const all = [...zoneOfHosts(policy, hosts).values()];
  const members = all.filter((one) => one.zone?.name === zone.name).length;
  const elsewhere = all.filter((one) => one.alsoMatches.includes(zone.name)).length;
  const rest = elsewhere === 0 ? '' : `; ${elsewhere} more that it selects stay in the zones before it`;
  return `in observe, with ${members === 1 ? '1 host' : `${members} hosts`}${rest}`;
}
