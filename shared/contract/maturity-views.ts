import { z } from 'zod';
import { ZoneName } from '../model/names.ts';

/** How much of what a zone does has been seen; see `shared/policy/maturity.ts`. */
export const ZoneMaturity = z.strictObject({
  zone: ZoneName,
  state: z.enum(['learning', 'stabilizing', 'stable']),
  /** What the next state asks for, each with its figure; of a stable zone, what it keeps. */
  reasons: z.array(z.strictObject({ check: z.string(), isMet: z.boolean(), text: z.string() })),
  /** The texts of those that are not met; empty when stable. */
  missing: z.array(z.string()),
  newKeysADay: z.number().nonnegative(),
  keys: z.number().int().nonnegative(),
});
export type ZoneMaturity = z.infer<typeof ZoneMaturity>;
