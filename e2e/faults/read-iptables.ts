import type { KernelRules } from './kernel-rules.ts';

/** Prints everything that iptables and ipset have, a heading `@PROGRAM TABLE` or `@sets` before each part, without counters, times and what only a run of the kernel gives a set. */
export const SAVE_ALL = `for program in iptables ip6tables; do for table in filter nat mangle raw security; do echo "@$program $table"; $program-save -t $table; done; done | sed -e '/^#/d' -e 's/ \\[[0-9]*:[0-9]*\\]$//'
echo @sets; ipset save | sed 's/ initval [^ ]*//'`;

const OURS = /\bFB-|^(create|add) fb_/;
/** Sets of a policy; the others of ours are filled by packets. */
const OF_POLICY = /^add fb_a[46]_/;

/** What SAVE_ALL printed; as `splitRuleset`. The order of rules counts within a chain, that of chains and of a set's elements does not. */
export function splitSaved(text: string): KernelRules {
  const lines = text
    .split(/^@/m)
    .slice(1)
    .flatMap((part) => {
      const [heading = '', ...rest] = part.trimEnd().split('\n');
      return rest.map((line) => ({ heading, line, isOurs: OURS.test(line) }));
    });
  const others = lines.filter(({ isOurs }) => !isOurs).map(({ heading, line }) => `${heading} ${line}\n`);
  const foreign = [...others.filter((line) => !line.startsWith('sets ')), ...others.filter((line) => line.startsWith('sets ')).sort()];
  const ours = lines.filter(({ line, isOurs }) => isOurs && (!line.startsWith('add ') || OF_POLICY.test(line)));
  if (!ours.some(({ line }) => line.startsWith(':FB-IN '))) return { whole: null, parts: null, foreign: foreign.join('') };
  const parts = ['iptables', 'ip6tables'].map((program) => printChains(ours.filter(({ heading }) => heading.startsWith(`${program} `))));
  const sets = ours.filter(({ heading }) => heading === 'sets').map(({ line }) => `${line}\n`);
  return { whole: [...parts, ...sets.sort()].join(''), parts, foreign: foreign.join('') };
}

/** `:CHAIN …` and `-A CHAIN …`, chain by chain. */
function printChains(lines: readonly { readonly heading: string; readonly line: string }[]): string {
  const chains = Map.groupBy(lines, ({ heading, line }) => `${heading} ${/^(?::|-A )(\S+)/.exec(line)?.[1] ?? ''}`);
  return [...chains].sort(([a], [b]) => (a < b ? -1 : 1)).map(([chain, rules]) => rules.map(({ line }) => `${chain}: ${line}\n`).join('')).join('');
}
