import { type Asked, expandHostName, type Pass } from './config-pass.ts';
import type { ConfigItem } from './load-config.ts';
import { matchBlock } from './match-block.ts';
import { matchesPattern } from './match-pattern.ts';
import type { ConfigLine } from './split-line.ts';

/** What ssh would do for a host. Nulls are what no file says. `untried`: conditions that only running something could tell, each with its place; their blocks are left out. */
export type Settings = {
  readonly hostName: string;
  readonly user: string | null;
  readonly port: number | null;
  readonly identityFiles: readonly string[];
  readonly certificateFiles: readonly string[];
  readonly identityAgent: string | null;
  readonly proxyJump: string | null;
  readonly proxyCommand: string | null;
  readonly canonicalizes: boolean;
  readonly untried: readonly string[];
};

const SINGLE: ReadonlySet<string> = new Set(['hostname', 'user', 'port', 'identityagent', 'canonicalizehostname']);

/** As ssh reads its configuration (readconf.c; ssh_config(5)): the first value counts, identity files add up, and a `Match final` has everything read once more. Pure; held against `ssh -G`. */
export function evaluateConfig(items: readonly ConfigItem[], asked: Asked): Settings {
  const single = new Map<string, string>();
  if (asked.user !== null) single.set('user', asked.user);
  if (asked.port !== null) single.set('port', String(asked.port));
  const shared = { asked, single, lists: new Map([['identityfile', new Set<string>()], ['certificatefile', new Set<string>()]]), untried: new Set<string>() };
  const first: Pass = { ...shared, isFinal: false, wantsFinal: false };
  readItems(items, first, { isActive: true, isNever: false });
  const canonicalizes = ['yes', 'always'].includes(single.get('canonicalizehostname')?.toLowerCase() ?? '');
  const hostName = expandHostName(single.get('hostname') ?? asked.host, asked.host).toLowerCase();
  single.set('hostname', hostName);
  if (first.wantsFinal || canonicalizes) readItems(items, { ...shared, isFinal: true, wantsFinal: false }, { isActive: true, isNever: false });
  const port = Number(single.get('port') ?? '');
  return {
    hostName,
    user: single.get('user') ?? null,
    port: Number.isInteger(port) && port > 0 && port < 65_536 ? port : null,
    identityFiles: [...(shared.lists.get('identityfile') ?? [])],
    certificateFiles: [...(shared.lists.get('certificatefile') ?? [])],
    identityAgent: single.get('identityagent') ?? null,
    proxyJump: single.get('proxyjump') ?? null,
    proxyCommand: single.get('proxycommand') ?? null,
    canonicalizes,
    untried: [...shared.untried],
  };
}

type State = { isActive: boolean; readonly isNever: boolean };

function readItems(items: readonly ConfigItem[], pass: Pass, state: State): void {
  for (const item of items) {
    // In the second pass `Host` is held against the name that the first one found. A block that began in an included file ends with it.
    if ('included' in item) readItems(item.included, pass, { isActive: state.isActive, isNever: state.isNever || !state.isActive });
    else if (item.keyword === 'host') state.isActive = !state.isNever && matchesHost(item.words, pass.isFinal ? (pass.single.get('hostname') ?? '') : pass.asked.host);
    else if (item.keyword === 'match') state.isActive = matchBlock(item, pass) && !state.isNever;
    else if (state.isActive) take(item, pass);
  }
}

function matchesHost(patterns: readonly string[], host: string): boolean {
  let isMatch = false;
  for (const pattern of patterns) {
    if (!matchesPattern(host, pattern.startsWith('!') ? pattern.slice(1) : pattern)) continue;
    if (pattern.startsWith('!')) return false;
    isMatch = true;
  }
  return isMatch;
}

function take({ keyword, rest, words: [word = ''] }: ConfigLine, { single, lists }: Pass): void {
  if (lists.has(keyword)) lists.get(keyword)?.add(word);
  else if (SINGLE.has(keyword)) keep(single, keyword, word);
  // Whichever of the two comes first rules the other out; a ProxyJump of “none” rules out only other jumps.
  else if (keyword === 'proxyjump' && !single.has('proxycommand')) keep(single, keyword, rest.replace(/^[ \t=]+/, '').replace(/#.*$/, '').trimEnd());
  else if (keyword === 'proxycommand' && (single.get('proxyjump')?.toLowerCase() ?? 'none') === 'none') keep(single, keyword, rest.replace(/^[ \t=]+/, ''));
}

function keep(single: Map<string, string>, keyword: string, value: string): void {
  if (!single.has(keyword)) single.set(keyword, value);
}
