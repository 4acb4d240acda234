import { z } from 'zod';
import { RuleId } from './ids.ts';

/** What the kernel of one host counted for a rule at one of its ends, over all of its nft rules there: packets that the rule decided, which are the first of connections (and their repetitions). */
export const RuleCounter = z.strictObject({ rule: RuleId, direction: z.enum(['in', 'out']), packets: z.number().int().nonnegative(), bytes: z.number().int().nonnegative() });
export type RuleCounter = z.infer<typeof RuleCounter>;
