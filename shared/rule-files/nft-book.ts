import type { BlindBook } from './blind-book.ts';
import { createRuleBook, type RuleBook } from './rule-book.ts';
import { MAX_ELEMENTS, type NftElement, type NftSet } from './nft-elements.ts';
import { type NftToken, printTokens } from './nft-tokens.ts';
import { type ReadRule, readNftRule } from './read-nft-rule.ts';
import { MAX_RULES, type RuleFile, type RuleFormat, type TableFamily } from './rule-file.ts';

export type TableKey = { readonly family: TableFamily; readonly table: string };
export type ChainKey = TableKey & { readonly name: string };
export type RawRule = { readonly line: number; readonly tokens: readonly NftToken[] } | { readonly line: number; readonly text: string; readonly read: (findSet: (name: string) => NftSet | undefined) => ReadRule };

type Draft = { readonly key: ChainKey; hook: string | null; type: string; priority: number; policy: 'accept' | 'drop'; rules: RawRule[] };
type Table = { readonly chains: Map<string, Draft>; readonly sets: Map<string, NftSet> };

/** What nft would hold after the commands so far. Rules are read at the end, when all sets are known. */
export type NftBook = {
  readonly blind: BlindBook;
  table(key: TableKey): void;
  chain(key: ChainKey): void;
  setHook(key: ChainKey, tokens: readonly NftToken[]): void;
  hook(key: ChainKey, spec: { hook: string; type: string; priority: number }): void;
  setPolicy(key: ChainKey, policy: 'accept' | 'drop'): void;
  addRule(key: ChainKey, rule: RawRule, isFirst: boolean): void;
  set(key: ChainKey & { readonly isMap: boolean }, isDynamic: boolean): void;
  addElements(key: ChainKey, elements: readonly NftElement[]): void;
  clear(): void;
  removeTable(key: TableKey, keepEmpty: boolean): void;
  removeChain(key: ChainKey, keepEmpty: boolean): void;
  removeSet(key: ChainKey, keepEmpty: boolean): void;
  finish(format: RuleFormat): RuleFile;
};

const PRIORITIES: Readonly<Record<string, number>> = { raw: -300, mangle: -150, dstnat: -100, filter: 0, out: 100, security: 50, srcnat: 100 };

export function createNftBook(): NftBook {
  const tables = new Map<string, Table>();
  const rules = createRuleBook();
  let [count, elementCount] = [0, 0];
  const tableOf = ({ family, table }: TableKey): Table => {
    const id = `${family} ${table}`;
    const known = tables.get(id) ?? { chains: new Map<string, Draft>(), sets: new Map<string, NftSet>() };
    tables.set(id, known);
    return known;
  };
  const chainOf = (key: ChainKey): Draft => {
    const { chains } = tableOf(key);
    const known = chains.get(key.name) ?? { key, hook: null, type: 'filter', priority: 0, policy: 'accept' as const, rules: [] };
    chains.set(key.name, known);
    return known;
  };
  const hook: NftBook['hook'] = (key, spec) => void Object.assign(chainOf(key), spec);
  return {
    blind: rules.blind,
    table: tableOf,
    chain: chainOf,
    hook,
    setHook: (key, tokens) => hook(key, readHook(tokens)),
    setPolicy: (key, policy) => void Object.assign(chainOf(key), { policy }),
    addRule: (key, rule, isFirst) => {
      count += 1;
      if (tables.get(`${key.family} ${key.table}`)?.chains.has(key.name) !== true) rules.blind.doubt(rule.line, key.name, `the chain ${key.name} is not in the file: when its rules are asked is not known`);
      if (count > MAX_RULES) rules.blind.doubt(rule.line, '', `the file has more than ${MAX_RULES} rules: those after them were not read`);
      else if (isFirst) chainOf(key).rules.unshift(rule);
      else chainOf(key).rules.push(rule);
    },
    set: ({ isMap, ...key }, isDynamic) => {
      const { sets } = tableOf(key);
      if (!sets.has(key.name)) sets.set(key.name, { name: key.name, isDynamic, isMap, elements: [] });
    },
    addElements: (key, elements) => {
      const set = tableOf(key).sets.get(key.name);
      elementCount += elements.length;
      if (set === undefined) rules.blind.add(1, key.name, `elements for the set ${key.name}, which is not in the file`);
      else if (elementCount <= MAX_ELEMENTS) for (const element of elements) set.elements.push(element);
      else rules.blind.doubt(1, key.name, `the file has more than ${MAX_ELEMENTS} elements of sets: those after them were not read`);
    },
    clear: () => tables.clear(),
    removeTable: (key, keepEmpty) => {
      if (keepEmpty) for (const chain of tableOf(key).chains.values()) chain.rules = [];
      else tables.delete(`${key.family} ${key.table}`);
    },
    removeChain: (key, keepEmpty) => {
      if (keepEmpty) chainOf(key).rules = [];
      else tableOf(key).chains.delete(key.name);
    },
    removeSet: (key, keepEmpty) => {
      const set = tableOf(key).sets.get(key.name);
      if (keepEmpty && set !== undefined) set.elements = [];
      else tableOf(key).sets.delete(key.name);
    },
    finish: (format) => {
      for (const { chains, sets } of tables.values()) for (const chain of chains.values()) readChain(chain, sets, rules);
      return rules.finish(format, [4, 6]);
    },
  };
}

/** `type filter hook input [device x] priority filter + 20`. */
function readHook(tokens: readonly NftToken[]): { hook: string; type: string; priority: number } {
  const after = (word: string) => tokens.findIndex(({ text }) => text === word) + 1;
  const at = after('priority');
  const [base = '0', sign, by = '0'] = tokens.slice(at, at + 3).map(({ text }) => text);
  const start = Object.hasOwn(PRIORITIES, base) ? (PRIORITIES[base] ?? 0) : Number(base);
  const shift = sign === '+' ? Number(by) : sign === '-' ? -Number(by) : 0;
  return { hook: tokens[after('hook')]?.text ?? '', type: tokens[after('type')]?.text ?? 'filter', priority: Number.isFinite(start + shift) ? start + shift : 0 };
}

function readChain({ key, rules, ...spec }: Draft, sets: ReadonlyMap<string, NftSet>, book: RuleBook): void {
  book.addChain({ ...key, ...spec });
  for (const raw of rules) {
    const findSet = (name: string) => sets.get(name);
    const read = 'tokens' in raw ? readNftRule(raw.tokens, findSet) : raw.read(findSet);
    book.addRule(key, { line: raw.line, text: 'tokens' in raw ? printTokens(raw.tokens) : raw.text, ...read });
  }
}
