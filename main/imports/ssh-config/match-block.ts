import { inert } from '../../../shared/text/inert.ts';
import { expandHostName, type Pass } from './config-pass.ts';
import { matchesList } from './match-pattern.ts';
import { type ConfigLine, splitCriteria } from './split-line.ts';

/**
 * Whether a `Match` block holds for the host, as far as files tell (match_cfg_line of readconf.c). `exec` is never run, and what depends on the network or the session is not known:
 * where all else matches such a block is left out and its place kept.
 */
export function matchBlock({ rest, file, line }: ConfigLine, pass: Pass): boolean {
  const words = splitCriteria(rest);
  const [isMatch, unknown] = [{ value: true }, new Set<string>()];
  for (let at = 0; at < words.length; at += 1) {
    const [whole = '', argument = ''] = [words[at], words[at + 1]];
    const isNegated = whole.startsWith('!');
    const criterion = (isNegated ? whole.slice(1) : whole).toLowerCase();
    if (criterion === 'all') return isMatch.value && !isNegated;
    if (criterion === 'final') pass.wantsFinal = true;
    const known = criterion === 'final' || criterion === 'canonical' ? pass.isFinal : test(criterion, argument, pass);
    if (criterion !== 'final' && criterion !== 'canonical') at += 1;
    if (known === null) unknown.add(criterion);
    else if (known === isNegated) isMatch.value = false;
  }
  if (isMatch.value && unknown.size > 0) pass.untried.add(`Match ${[...unknown].map((one) => inert(one).slice(0, 40)).join(' and ')} at line ${line} of ${inert(file)}`);
  return isMatch.value && unknown.size === 0;
}

/** Null: files do not tell. */
function test(criterion: string, list: string, { asked, single, isFinal }: Pass): boolean | null {
  const named = single.get('hostname');
  switch (criterion) {
    case 'host':
      return matchesList((named === undefined ? asked.host : isFinal ? named : expandHostName(named, asked.host)).toLowerCase(), list.toLowerCase());
    case 'originalhost':
      return matchesList(asked.host.toLowerCase(), list.toLowerCase());
    case 'user':
      return matchesList(single.get('user') ?? asked.localUser, list);
    case 'localuser':
      return matchesList(asked.localUser, list);
    default:
      return null;
  }
}
