import type { HostImportResult, LabelSource } from '../../../shared/contract/host-imports.ts';
import { inert } from '../../../shared/text/inert.ts';
import { isSecretName } from '../../../shared/text/secret-name.ts';
import { matchesPattern } from '../ssh-config/match-pattern.ts';
import type { FleetMember } from './host-variables.ts';
import { printValue } from './template-value.ts';
import { isVaulted } from './vaulted.ts';

const SHOWN = 300;
const SHOWN_VALUES = 6;
const MAX_NAMES = 20_000;
const MAX_VALUE_CHARS = 63;

/** What of an inventory labels can be made of: groups and plain variables, with the number of hosts. Secrets by name, and what Vault encrypted, are not among them. */
export function createOffers() {
  const groups = new Map<string, number>();
  const variables = new Map<string, { hosts: number; values: Set<string> }>();
  const add = ({ groups: own, variables: all }: FleetMember): void => {
    for (const group of own) if (groups.size < MAX_NAMES || groups.has(group)) groups.set(group, (groups.get(group) ?? 0) + 1);
    for (const [name, value] of all) {
      if (name.startsWith('ansible_') || isSecretName(name) || isVaulted(value) || value === null || value === '' || typeof value === 'object') continue;
      const known = variables.get(name) ?? { hosts: 0, values: new Set<string>() };
      if (variables.size >= MAX_NAMES && known.hosts === 0) continue;
      known.hosts += 1;
      const text = printValue(value);
      if (known.values.size < SHOWN_VALUES && text.length <= MAX_VALUE_CHARS) known.values.add(inert(text));
      variables.set(name, known);
    }
  };
  /** Groups and variables that were chosen and that no host has. */
  const strangers = (sources: readonly LabelSource[]): string[] =>
    sources.flatMap((source) =>
      source.kind === 'variable' ? (variables.has(source.name) ? [] : [`variable “${source.name}”`]) : source.patterns.filter((pattern) => ![...groups.keys()].some((name) => matchesPattern(name, pattern))).map((pattern) => `group “${pattern}”`),
    );
  const list = (): Pick<HostImportResult, 'groups' | 'variables'> => ({
    groups: byCount([...groups].map(([name, hosts]) => ({ name: inert(name), hosts }))),
    variables: byCount([...variables].map(([name, { hosts, values }]) => ({ name: inert(name), hosts, values: [...values] }))),
  });
  return { add, strangers, list };
}

const byCount = <T extends { readonly name: string; readonly hosts: number }>(all: readonly T[]): T[] => all.toSorted((a, b) => b.hosts - a.hosts || (a.name < b.name ? -1 : 1)).slice(0, SHOWN);
