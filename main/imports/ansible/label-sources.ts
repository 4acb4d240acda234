import type { LabelSource } from '../../../shared/contract/host-imports.ts';
import type { Labels } from '../../../shared/model/label.ts';
import { inert } from '../../../shared/text/inert.ts';
import { toLabelValue } from '../../../shared/text/label-value.ts';
import { isSecretName } from '../../../shared/text/secret-name.ts';
import { matchesPattern } from '../ssh-config/match-pattern.ts';
import type { MemberText } from './member-text.ts';

/** What one label is said to be, by whom; `null`: it cannot be told. */
type Said = { readonly key: string; readonly value: string; readonly from: string };
/** The groups of a host, and what its variables say. */
export type LabelInput = { readonly groups: readonly string[]; readonly text: (name: string) => MemberText };

/** The labels that the chosen groups and variables give a host. Where they say different things of one key it is left out, with a note: nothing is guessed. */
export function labelsOf(sources: readonly LabelSource[], input: LabelInput): { readonly labels: Labels; readonly notes: readonly string[] } {
  const [labels, notes]: [Record<string, string>, string[]] = [{}, []];
  const said = Map.groupBy(
    sources.flatMap((source) => (source.kind === 'groups' ? sayGroups(source, input.groups) : sayVariable(source, input, notes))),
    ({ key }) => key,
  );
  for (const [key, all] of said) {
    const [first, ...others] = new Set(all.map(({ value }) => value));
    if (first !== undefined && others.length === 0) labels[key] = first;
    else notes.push(`its label ${key} is left out: ${all.map(({ from, value }) => `${inert(from)} says ${value}`).slice(0, 4).join(', ')}`);
  }
  return { labels, notes };
}

function sayGroups({ key, patterns }: Extract<LabelSource, { kind: 'groups' }>, groups: readonly string[]): Said[] {
  return groups.flatMap((group) => {
    const pattern = patterns.find((one) => matchesPattern(group, one));
    const value = pattern === undefined ? '' : toLabelValue(underStar(group, pattern));
    return value === '' ? [] : [{ key, value, from: `group ${group}` }];
  });
}

/** `web_servers` under `*_servers` is `web`; a pattern without a star, or of a star alone, is the whole name. */
function underStar(group: string, pattern: string): string {
  const at = pattern.indexOf('*');
  if (at < 0 || pattern.lastIndexOf('*') !== at) return group;
  return group.slice(at, group.length - (pattern.length - at - 1)) || group;
}

function sayVariable({ key, name }: Extract<LabelSource, { kind: 'variable' }>, { text }: LabelInput, notes: string[]): Said[] {
  const found = text(name);
  if (found === undefined) return [];
  const problem = isSecretName(name) ? 'is a secret by its name' : 'unknown' in found ? found.unknown : null;
  if (problem !== null) notes.push(`its label ${key} is left out: ${inert(name)} ${problem}`);
  const value = problem === null && 'text' in found ? toLabelValue(found.text) : '';
  return value === '' ? [] : [{ key, value, from: inert(name) }];
}
