import type { Family } from '../net/address.ts';
import { type BlindBook, createBlindBook, shownText } from './blind-book.ts';
import type { ReadRule } from './read-nft-rule.ts';
import { type Action, chainId, type Condition, type ForeignChain, type ForeignRule, type RuleFile, type RuleFormat } from './rule-file.ts';

type ChainKey = { readonly family: ForeignChain['family']; readonly table: string; readonly name: string };
type Draft = Omit<ForeignChain, 'rules'> & { rules: ForeignRule[] };

/** Chains and rules of a file of any format; finds what no reader of one rule can see, such as chains that are not there. */
export type RuleBook = {
  readonly blind: BlindBook;
  addChain(chain: ChainKey & Pick<ForeignChain, 'hook' | 'type' | 'priority' | 'policy'>): void;
  /** The chain must have been added. */
  addRule(key: ChainKey, rule: ReadRule & { readonly line: number; readonly text: string }): void;
  finish(format: RuleFormat, families: readonly Family[]): RuleFile;
};

/** Chains that judge what comes to the host itself. */
export const isInbound = ({ family, hook, type }: Pick<ForeignChain, 'family' | 'hook' | 'type'>): boolean =>
  (hook === 'input' || hook === 'prerouting') && type !== 'nat' && isOfHosts(family);

/** Chains that may send what comes to the host elsewhere before it is judged. */
export const isRewriting = ({ family, hook, type }: Pick<ForeignChain, 'family' | 'hook' | 'type'>): boolean => hook === 'prerouting' && type === 'nat' && isOfHosts(family);
const isOfHosts = (family: ForeignChain['family']): boolean => family === 'ip' || family === 'ip6' || family === 'inet';

export function createRuleBook(): RuleBook {
  const blind = createBlindBook();
  const chains = new Map<string, Draft>();
  const pending: { chain: string; line: number; text: string; reason: string }[] = [];
  let count = 0;
  let exact = 0;
  return {
    blind,
    addChain: ({ family, table, name, hook, type, priority, policy }) => {
      const id = chainId(family, table, name);
      chains.set(id, { id, family, table, name, hook, type, priority, policy, rules: [] });
    },
    addRule: ({ family, table, name }, { line, text, decisions, packets }) => {
      const chain = chains.get(chainId(family, table, name));
      if (chain === undefined) return;
      count += 1;
      const reasons = decisions.flatMap(({ conditions, action }) => whyUnknown(conditions, action));
      if (reasons.length === 0) exact += 1;
      const shown = shownText(text);
      for (const reason of new Set(reasons)) pending.push({ chain: chain.id, line, text: shown, reason });
      for (const decision of decisions) chain.rules.push({ line, text: shown, packets, ...decision });
    },
    finish: (format, families) => {
      const [reached, deciding] = [findReached(chains), findDeciding(chains)];
      for (const chain of chains.values()) tellOfChain(chain, reached, chains, blind);
      for (const { chain, line, text, reason } of pending) if (reached.has(chain) && deciding.has(chain)) blind.add(line, text, reason);
      return { doubt: blind.doubted(), beside: findBeside(chains), format, families, chains, blindSpots: blind.list(), moreBlindSpots: blind.more(), rules: count, exactRules: exact };
    },
  };
}

function whyUnknown(conditions: readonly Condition[], action: Action): string[] {
  const inside = conditions.flatMap((condition) => (condition.kind === 'unknown' ? [condition.reason] : condition.kind === 'oneOf' ? condition.tuples.flatMap((tuple) => whyUnknown(tuple, { kind: 'pass' })) : []));
  // A rule that decides nothing is harmless, whatever it asks.
  if (action.kind === 'pass' || action.kind === 'untrack') return [];
  return action.kind === 'unknown' ? [...inside, action.reason] : inside;
}

/** Chains in which something about what comes to the host may be decided or rewritten. */
function findReached(chains: ReadonlyMap<string, ForeignChain>): ReadonlySet<string> {
  const reached = new Set([...chains.values()].filter((chain) => isInbound(chain) || isRewriting(chain)).map(({ id }) => id));
  // A set that grows while it is walked is walked to its end.
  for (const id of reached) {
    const chain = chains.get(id);
    for (const { action } of chain?.rules ?? []) {
      const target = chain !== undefined && (action.kind === 'jump' || action.kind === 'goto') ? chains.get(chainId(chain.family, chain.table, action.chain)) : undefined;
      if (target !== undefined) reached.add(target.id);
    }
  }
  return reached;
}

/** Chains that can give a verdict, themselves or by a chain that they call; one that only records cannot. */
function findDeciding(chains: ReadonlyMap<string, ForeignChain>): ReadonlySet<string> {
  const deciding = new Set([...chains.values()].filter(({ hook, rules }) => hook !== null || rules.some(({ action }) => /^(accept|drop|unknown)$/.test(action.kind))).map(({ id }) => id));
  for (let before = -1; before < deciding.size; ) {
    before = deciding.size;
    for (const { id, family, table, rules } of chains.values()) {
      if (rules.some(({ action }) => (action.kind === 'jump' || action.kind === 'goto') && (deciding.has(chainId(family, table, action.chain)) || !chains.has(chainId(family, table, action.chain))))) deciding.add(id);
    }
  }
  return deciding;
}

const isBeside = ({ family, hook }: ForeignChain): boolean => hook === 'ingress' || (['arp', 'bridge', 'netdev'].includes(family) && (hook === 'prerouting' || hook === 'input'));

/** Whether a chain, or one that it calls, can keep a packet from going on: `fwd` sends it to another device. One that only counts or accepts cannot. */
function mayTake(chain: ForeignChain, chains: ReadonlyMap<string, ForeignChain>, seen: Set<string>): boolean {
  if (seen.has(chain.id)) return false;
  seen.add(chain.id);
  return (
    chain.policy === 'drop' ||
    chain.rules.some(({ action, text }) => {
      if (action.kind !== 'jump' && action.kind !== 'goto') return action.kind === 'drop' || action.kind === 'unknown' || /\bfwd\b/.test(text);
      const target = chains.get(chainId(chain.family, chain.table, action.chain));
      return target === undefined || mayTake(target, chains, seen);
    })
  );
}

function findBeside(chains: ReadonlyMap<string, ForeignChain>): RuleFile['beside'] {
  const chain = [...chains.values()].find((one) => isBeside(one) && mayTake(one, chains, new Set()));
  return chain === undefined ? null : { chain: chain.id, why: shownText(`the chain ${chain.id} (${chain.hook ?? ''}) lets it come so far, which is not modelled`) };
}

function tellOfChain(chain: ForeignChain, reached: ReadonlySet<string>, chains: ReadonlyMap<string, ForeignChain>, blind: BlindBook): void {
  for (const { line, text, action } of reached.has(chain.id) ? chain.rules : []) {
    if ((action.kind === 'jump' || action.kind === 'goto') && !chains.has(chainId(chain.family, chain.table, action.chain))) blind.add(line, text, `the chain ${action.chain} is not in the file: what it decides is not known`);
  }
  const [first] = chain.rules;
  const decides = chain.hook !== null && (first !== undefined || chain.policy === 'drop');
  if (decides && (chain.hook === 'ingress' || ['arp', 'bridge', 'netdev'].includes(chain.family))) blind.add(first?.line ?? 1, `${chain.id} (${chain.hook ?? ''})`, 'it decides before or beside the firewall of the host and is not modelled');
  else if (chain.hook === 'forward' && first !== undefined) blind.add(first.line, `${chain.id} (forward)`, `what the host passes on (to containers, to other networks) is not modelled (rules: ${chain.rules.length})`);
}
