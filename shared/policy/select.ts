import type { Labels } from '../model/label.ts';
import type { Selector, SelectorSet } from '../model/selector.ts';

/** Any of `include` and none of `exclude`. An empty record of labels matches only selectors made of `!=` alone. */
export const matchesSelectorSet = (set: SelectorSet, labels: Labels): boolean =>
  set.include.some((selector) => matchesSelector(selector, labels)) && !set.exclude.some((selector) => matchesSelector(selector, labels));

/** All terms hold. `key!=v` holds where the key is missing, as `Selector` promises. */
export const matchesSelector = (selector: Selector, labels: Labels): boolean =>
  selector.terms.every((term) => {
    // Own keys only: a key called `constructor` must not find what every object inherits.
    const value = Object.hasOwn(labels, term.key) ? labels[term.key] : undefined;
    const isOneOf = value !== undefined && term.values.includes(value);
    return term.op === '=' ? isOneOf : !isOneOf;
  });
