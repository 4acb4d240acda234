import { z } from 'zod';
import { LabelValue, SelectorKey } from './label.ts';

/** One condition on one key. `values` are alternatives (OR) and never empty. */
export const SelectorTerm = z.strictObject({
  key: SelectorKey,
  op: z.enum(['=', '!=']),
  values: z.array(LabelValue).min(1),
});
export type SelectorTerm = z.infer<typeof SelectorTerm>;

/** Terms are ANDed; at least one. `key!=v` also matches a host that has no such key. */
export const Selector = z.strictObject({ terms: z.array(SelectorTerm).min(1) });
export type Selector = z.infer<typeof Selector>;

/** Hosts that match any of `include` and none of `exclude`. `include` is never empty; exclusions are subtracted last. */
export const SelectorSet = z.strictObject({
  include: z.array(Selector).min(1),
  exclude: z.array(Selector),
});
export type SelectorSet = z.infer<typeof SelectorSet>;
