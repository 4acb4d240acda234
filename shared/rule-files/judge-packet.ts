import { matchAll, type NewPacket } from './match-condition.ts';
import { isInbound, isRewriting } from './rule-book.ts';
import { chainId, type ForeignChain, type ForeignRule, type RuleFile } from './rule-file.ts';

/** Which rule decided, or the policy of a chain (`rule` null). `file`: place in the list of files. */
export type Decider = { readonly file: number; readonly chain: string; readonly rule: ForeignRule | null };
/**
 * What the rules of a host make of a new connection. `mayPass` false: it is refused for certain; `drop` empty: it is let in for certain. `accept` and `drop`: by whom each is possible (nobody accepts where no chain is asked). `why`: on what it depends.
 * `isKnown` false: no file says anything about this family, or one that does was not read to its end: everything is possible then.
 */
export type Judgement = { readonly mayPass: boolean; readonly accept: readonly Decider[]; readonly drop: readonly Decider[]; readonly why: readonly string[]; readonly isKnown: boolean };

export type HostRules = { readonly judge: (packet: NewPacket) => Judgement; readonly chains: readonly { readonly file: number; readonly chain: ForeignChain }[] };

/** More jumps than the kernel allows (NFT_JUMP_STACK_SIZE) are no ruleset that runs. */
const MAX_DEPTH = 16;
const MAX_WHY = 4;
/** Stands for the rules that may be missing. */
const NOBODY: Decider = { file: 0, chain: '', rule: null };

/** `goesOn`: the chain may be left without a verdict. Sets, since many ways may lead to one rule. */
type Result = { accept: Set<Decider>; drop: Set<Decider>; goesOn: boolean };
const nothingYet = (): Result => ({ accept: new Set(), drop: new Set(), goesOn: true });
type Walk = { readonly packet: NewPacket; readonly file: RuleFile; readonly place: number; readonly known: Map<string, Result>; why: Set<string>; mayBeUntracked: boolean };

/** All files of one host together: what any of them drops is dropped. Chains are asked as the kernel asks them, prerouting first and then by priority. */
export function createHostRules(files: readonly RuleFile[]): HostRules {
  const chains = files
    .flatMap((file, place) => [...file.chains.values()].filter((chain) => isInbound(chain) || isRewriting(chain)).map((chain) => ({ file: place, chain })))
    .sort((a, b) => Number(a.chain.hook === 'input') - Number(b.chain.hook === 'input') || a.chain.priority - b.chain.priority);
  return { chains, judge: (packet) => judge(files, chains, packet) };
}

function judge(files: readonly RuleFile[], chains: HostRules['chains'], packet: NewPacket): Judgement {
  const why = new Set<string>();
  const all = nothingYet();
  let mayPass = true;
  // A connection that is sent elsewhere is not the one that the chains after it are asked about here.
  let isElsewhere = false;
  let mayBeUntracked = false;
  for (const { file: place, chain } of chains) {
    const file = files[place];
    if (file === undefined || !mayPass || !isOfFamily(chain, packet)) continue;
    const at: Walk = { packet: mayBeUntracked ? { ...packet, mayBeUntracked } : packet, file, place, known: new Map(), why, mayBeUntracked };
    const walked = walk(at, chain, 0);
    mayBeUntracked = at.mayBeUntracked;
    if (walked.goesOn) walked[chain.policy].add({ file: place, chain: chain.id, rule: null });
    const rewrites = isRewriting(chain) && [...walked.accept].some(({ rule }) => rule?.action.kind === 'unknown');
    isElsewhere ||= rewrites;
    // What such a chain leaves as it is, it does not let in.
    if (rewrites || !isRewriting(chain) || walked.accept.size === 0) addTo(all, walked);
    mayPass = walked.accept.size > 0;
  }
  mayPass ||= isElsewhere;
  const own = files.filter(({ families }) => families.includes(packet.from.family));
  const doubts = own.flatMap(({ doubt }) => doubt ?? []);
  if (doubts.length > 0) return { mayPass: true, accept: [...all.accept, NOBODY], drop: [...all.drop, NOBODY], why: [...new Set([...doubts, ...why])].slice(0, MAX_WHY), isKnown: false };
  const isKnown = own.length > 0;
  if (!mayPass) return { mayPass, accept: [], drop: [...all.drop], why: [], isKnown };
  for (const [place, { beside }] of files.entries()) {
    if (beside === null) continue;
    all.drop.add({ file: place, chain: beside.chain, rule: null });
    why.add(beside.why);
  }
  return { mayPass, accept: [...all.accept], drop: [...all.drop], why: all.drop.size === 0 ? [] : [...why].slice(0, MAX_WHY), isKnown };
}

const isOfFamily = ({ family }: ForeignChain, { from }: NewPacket): boolean => family === 'inet' || family === (from.family === 4 ? 'ip' : 'ip6');

/** Which verdicts are possible from this chain on, and whether it can be left without one. A chain is walked once a packet, whoever jumps there. */
function walk(at: Walk, chain: ForeignChain, depth: number): Result {
  const known = at.known.get(chain.id);
  if (known !== undefined) return known;
  const result = nothingYet();
  const outer = at.why;
  at.why = new Set();
  // A chain that leads to itself finds this: it cannot run, so nothing is claimed.
  at.known.set(chain.id, nothingYet());
  let mayLeave = false;
  for (const rule of chain.rules) {
    const match = matchAll(rule.conditions, at.packet);
    if (match.holds === 'no' || rule.action.kind === 'pass') continue;
    if (rule.action.kind === 'untrack') at.mayBeUntracked = true;
    const before = result.accept.size + result.drop.size;
    const then = apply(at, chain, rule, result, depth);
    if (match.holds === 'maybe') {
      if (then !== 'next' || result.accept.size + result.drop.size > before) at.why.add(match.why);
      mayLeave ||= then === 'leaves';
    } else if (then !== 'next') {
      result.goesOn = then === 'leaves' || mayLeave;
      break;
    }
  }
  at.known.set(chain.id, result);
  // What a chain without a verdict depends on (one that only records) is of no interest.
  if (result.accept.size + result.drop.size > 0) for (const why of at.why) outer.add(why);
  at.why = outer;
  return result;
}

function addTo(all: Result, more: Result): void {
  for (const decider of more.accept) all.accept.add(decider);
  for (const decider of more.drop) all.drop.add(decider);
}

/** `next`: the rule after it may be asked. `leaves`: back to where the chain was called from. `ends`: a verdict is certain. */
function apply(at: Walk, chain: ForeignChain, rule: ForeignRule, result: Result, depth: number): 'next' | 'leaves' | 'ends' {
  const decider: Decider = { file: at.place, chain: chain.id, rule };
  const { action } = rule;
  switch (action.kind) {
    case 'accept':
    case 'drop':
      result[action.kind].add(decider);
      return 'ends';
    case 'return':
      return 'leaves';
    case 'pass':
    case 'untrack':
      return 'next';
    case 'unknown':
      return either(at, result, decider, action.reason);
    case 'jump':
    case 'goto': {
      const target = at.file.chains.get(chainId(chain.family, chain.table, action.chain));
      if (target === undefined) return either(at, result, decider, `the chain ${action.chain} is not in the file`);
      if (depth >= MAX_DEPTH) return either(at, result, decider, 'more jumps than the kernel allows');
      const inner = walk(at, target, depth + 1);
      addTo(result, inner);
      if (!inner.goesOn) return 'ends';
      return action.kind === 'goto' ? 'leaves' : 'next';
    }
  }
}

function either(at: Walk, result: Result, decider: Decider, why: string): 'next' {
  at.why.add(why);
  result.accept.add(decider);
  result.drop.add(decider);
  return 'next';
}
