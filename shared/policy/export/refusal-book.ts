import type { Refusal } from './export-form.ts';

/** Gathers refusals: one that is the same on several hosts is one, with all their names. */
export type RefusalBook = {
  readonly add: (refusal: Omit<Refusal, 'hosts'>, hostName: string) => void;
  /** In the order of their first host. */
  readonly list: () => Refusal[];
};

export function createRefusalBook(): RefusalBook {
  const known = new Map<string, { readonly about: Omit<Refusal, 'hosts'>; readonly hosts: Set<string> }>();
  return {
    add: (about, hostName) => {
      const key = JSON.stringify([about.rule, about.direction, about.effect, about.why]);
      const entry = known.get(key) ?? { about, hosts: new Set() };
      entry.hosts.add(hostName);
      known.set(key, entry);
    },
    list: () => [...known.values()].map(({ about, hosts }) => ({ ...about, hosts: [...hosts] })),
  };
}

/** `rule r_… into db1, db2: it has a schedule, which cannot be kept there (left out, it would let through what the policy refuses)`. */
export function printRefusal({ rule, hosts, direction, effect, why }: Refusal): string {
  const what = rule === null ? '' : rule.startsWith('c_') ? `containment ${rule} ` : `rule ${rule} `;
  const way = direction === null ? 'host ' : direction === 'in' ? 'into ' : 'out of ';
  const without = effect === 'opens' ? 'let through what the policy refuses' : 'refuse what the policy allows';
  return `${what}${way}${shorten(hosts)}: ${why} (without it this would ${without})`;
}

const SHOWN = 8;
const shorten = (names: readonly string[]): string => (names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`);
