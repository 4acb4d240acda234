import type { PublishedPort } from '../model/host.ts';
import type { HostId } from '../model/ids.ts';
import { type Labels, LabelValue } from '../model/label.ts';
import type { FactCondition, LabelRule } from '../model/label-rule.ts';
import { parseAddress } from '../net/address.ts';
import { cidrRange } from '../net/parse-cidr.ts';
import { containsAddress, toRangeSet } from '../net/range-set.ts';
import { printServiceEntry } from '../text/service-text.ts';
import type { LabelFacts } from './label-facts.ts';
import { createGlob, createNameMatcher, fillWords } from './name-pattern.ts';

/** A host as label rules see it. `entered`: addresses that people gave, the one of its SSH login among them. `said` null: it never said anything, or nobody asks. */
export type LabelHost = {
  readonly id: HostId;
  readonly name: string;
  /** The name is what the host calls itself, as of one that came in a bundle, and not what people gave it. */
  readonly isNameSaid: boolean;
  /** Labels set by hand. */
  readonly labels: Labels;
  readonly entered: readonly string[];
  readonly said: LabelFacts | null;
};

/** `inventory`: holds by what people entered · `host`: needs something that the host says about itself, and is believed once somebody accepts it. */
export type LabelMatch = { readonly by: 'inventory' | 'host'; readonly because: string };

/** One rule, made ready to be asked about many hosts. */
export type LabelMatcher = {
  readonly rule: LabelRule;
  /** Null: some condition does not hold. */
  match(host: Pick<LabelHost, 'name' | 'isNameSaid' | 'entered' | 'said'>): LabelMatch | null;
  /** The labels for a host of this name, keys as in the rule; null where the name does not fit. A value that would be none (more than 63 characters) is left out. */
  labelsFor(name: string): Labels | null;
};

const MAX_SAID_CHARS = 80;

export function createLabelMatcher(rule: LabelRule): LabelMatcher {
  const isIn = rule.networks === null ? null : createAddressFinder(rule.networks);
  const patterns = rule.names?.map((pattern) => ({ pattern, match: createNameMatcher(pattern) })) ?? null;
  const facts = (rule.facts ?? []).map(createFactFinder);
  const byName = rememberLast((name: string) => {
    if (patterns === null) return { pattern: null, captures: {} };
    for (const { pattern, match } of patterns) {
      const captures = match(name);
      if (captures !== null) return { pattern, captures };
    }
    return null;
  });
  return {
    rule,
    match: (host) => {
      if (rule.facts !== null && host.said === null) return null;
      const named = byName(host.name);
      if (named === null) return null;
      const isNameSaid = named.pattern !== null && host.isNameSaid;
      if (isNameSaid && host.said === null) return null;
      const entered = isIn === null ? null : isIn(host.entered);
      const reported = isIn === null || entered !== null ? null : isIn(host.said?.addresses ?? []);
      if (isIn !== null && entered === null && reported === null) return null;
      const said = facts.map((find) => find(host.said));
      if (said.includes(null)) return null;
      const reasons = [named.pattern === null ? null : `${isNameSaid ? 'it says that ' : ''}its name fits “${named.pattern}”`, entered === null ? null : `its address is ${entered}`, reported === null ? null : `it says that its address is ${reported}`, ...said];
      return { by: rule.facts === null && reported === null && !isNameSaid ? 'inventory' : 'host', because: reasons.filter((reason) => reason !== null).join(' and ') };
    },
    labelsFor: (name) => {
      const named = byName(name);
      if (named === null) return null;
      const filled = Object.entries(rule.labels).map(([key, template]): [string, string] => [key, fillWords(template, named.captures)]);
      return Object.fromEntries(filled.filter(([, value]) => LabelValue.safeParse(value).success));
    },
  };
}

/** A name is asked about twice, for the match and for its labels. */
function rememberLast<T>(ask: (name: string) => T): (name: string) => T {
  let last: { readonly name: string; readonly answer: T } | null = null;
  return (name) => {
    if (last?.name !== name) last = { name, answer: ask(name) };
    return last.answer;
  };
}

function createAddressFinder(networks: NonNullable<LabelRule['networks']>): (addresses: readonly string[]) => string | null {
  const ranges = toRangeSet(networks.map(cidrRange));
  return (addresses) =>
    addresses.find((text) => {
      const address = parseAddress(text);
      return address.ok && containsAddress(ranges, address.value);
    }) ?? null;
}

/** Gives a phrase about the first thing that fulfils the condition; null: nothing does. */
function createFactFinder(condition: FactCondition): (said: LabelFacts | null) => string | null {
  if (condition.kind === 'text') {
    const globs = condition.values.map(createGlob);
    return (said) => {
      const found = said?.texts[condition.fact].find((text) => globs.some((fits) => fits(text)));
      return found === undefined ? null : `it says ${condition.fact}=${found.slice(0, MAX_SAID_CHARS)}`;
    };
  }
  return (said) => {
    const found = said?.[condition.fact].find((port) => condition.ports.some((wanted) => overlaps(port, wanted)));
    return found === undefined ? null : `it says that it ${condition.fact} ${condition.fact === 'listens' ? 'on ' : ''}${printServiceEntry({ kind: 'ports', ...found })}`;
  };
}

const overlaps = (a: PublishedPort, b: PublishedPort): boolean => a.protocol === b.protocol && a.from <= b.to && b.from <= a.to;
