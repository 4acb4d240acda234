import type { FleetHost } from '../model/host.ts';
import { sortLabelKeys } from '../text/label-text.ts';
import type { Conversation } from './gather-conversations.ts';
import { portText } from './grant.ts';
import { type EndNamer, labelEnd, type RuleEnd } from './suggest-ends.ts';
import type { RuleDraft } from './suggest-shared.ts';

/** More of them than a person reads in place of one rule; then the role stays whole and what it permits too much is counted. */
const EXACT_RULES = 3;
/** A label that needs more values than these names hosts, not a group of them. */
const LABEL_VALUES = 2;

/**
 * The draft, between two roles, as rules that permit exactly what was seen: a role where all of its hosts took part, else the label that the others lack, else the
 * one host. Null where this takes more than three rules, or hosts that no label tells apart.
 */
export function splitExactly(draft: RuleDraft, ends: EndNamer): RuleDraft[] | null {
  const blocks = toBlocks(draft);
  if (blocks.length > EXACT_RULES) return null;
  const split = blocks.map(({ consumers, providers, members }): RuleDraft | null => {
    const from = nameSome(draft.from, consumers, ends);
    const to = nameSome(draft.to, providers, ends);
    return from && to ? { ...draft, from, to, members } : null;
  });
  const named = split.filter((one) => one !== null);
  return named.length === blocks.length ? named : null;
}

type Block = { readonly consumers: ReadonlySet<FleetHost>; readonly providers: ReadonlySet<FleetHost>; readonly members: readonly Conversation[] };

/** Parts in which every consumer was seen with every provider on every service: providers with the same consumers on each of their services. */
function toBlocks({ from, to, members }: RuleDraft): Block[] {
  const byProvider = Map.groupBy(members, (one) => one.provider);
  const byShape = Map.groupBy([...byProvider], ([provider, own]) => shapeOf(own, from.key === to.key ? provider : null));
  return [...byShape.values()].flatMap((alike) => {
    const own = alike.flatMap(([, conversations]) => conversations);
    const providers = new Set(alike.map(([provider]) => provider));
    // Services with the same consumers stay together; others become blocks of their own.
    const byConsumers = Map.groupBy([...Map.groupBy(own, portText).values()], (ofService) => idsOf(ofService.map((one) => one.consumer), from.key === to.key ? providers : null));
    return [...byConsumers.values()].map((services): Block => {
      const all = services.flat();
      return { consumers: new Set(all.map((one) => one.consumer)), providers, members: all };
    });
  });
}

/** Equal for providers that had the same consumers on the same services. In a cluster whose hosts speak to each other each lacks only itself, so itself is let in. */
function shapeOf(members: readonly Conversation[], self: FleetHost | null): string {
  const services = [...Map.groupBy(members, portText)].map(([service, ofService]) => `${service} ${idsOf(ofService.map((one) => one.consumer), self === null ? null : new Set([self]))}`);
  return services.sort().join('\n');
}

const idsOf = (hosts: readonly FleetHost[], more: ReadonlySet<FleetHost> | null): string => [...new Set([...hosts, ...(more ?? [])].map((host) => host.id))].sort().join(' ');

/** Some of a role's hosts, named so that nobody else is meant. */
function nameSome(end: RuleEnd, some: ReadonlySet<FleetHost>, ends: EndNamer): RuleEnd | null {
  if (end.members.every((host) => some.has(host))) return end;
  const [only] = some;
  if (only && some.size === 1) return ends.endOf(only, 'host');
  return end.labels === null ? null : nameByLabel(end, some);
}

function nameByLabel(end: RuleEnd, some: ReadonlySet<FleetHost>): RuleEnd | null {
  const members = [...some];
  const keys = sortLabelKeys([...new Set(members.flatMap((host) => Object.keys(host.labels)))]);
  for (const key of keys) {
    const values = new Set(members.map((host) => (Object.hasOwn(host.labels, key) ? host.labels[key] : undefined)));
    const isOthers = end.members.some((host) => !some.has(host) && values.has(host.labels[key]));
    const known = [...values].filter((value) => value !== undefined).sort();
    if (!isOthers && known.length === values.size && known.length <= LABEL_VALUES) return labelEnd({ ...end.labels, more: { key, values: known } }, members);
  }
  return null;
}
