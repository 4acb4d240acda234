import type { FleetHost } from '../model/host.ts';
import { findPostureFact, isPostureKey } from '../model/posture.ts';
import type { Selector, SelectorSet } from '../model/selector.ts';

/** What selectors look at of a host. */
export type Selectable = Pick<FleetHost, 'labels' | 'posture'>;

/** Any of `include` and none of `exclude`. An empty record of labels matches only selectors made of `!=` alone. */
export const matchesSelectorSet = (set: SelectorSet, host: Selectable): boolean =>
  set.include.some((selector) => matchesSelector(selector, host)) && !set.exclude.some((selector) => matchesSelector(selector, host));

/** All terms hold. `key!=v` holds where the key is missing, as `Selector` promises. */
export const matchesSelector = (selector: Selector, host: Selectable): boolean =>
  selector.terms.every((term) => {
    const value = labelOf(host, term.key);
    const isOneOf = value !== undefined && term.values.includes(value);
    return term.op === '=' ? isOneOf : !isOneOf;
  });

/** The label that the host has for a key, the derived ones too; every host has all of those, `unknown` where nothing is known. */
export function labelOf({ labels, posture }: Selectable, key: string): string | undefined {
  if (isPostureKey(key)) {
    const fact = findPostureFact(key);
    return fact === undefined ? undefined : (posture?.[fact] ?? 'unknown');
  }
  // Own keys only: a key called `constructor` must not find what every object inherits.
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}
