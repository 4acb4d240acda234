import { z } from 'zod';
import { FlowImpact } from './diff.ts';

/** So many distinct flows, and their connections, change in this way. */
const FlipCount = z.strictObject({ change: FlowImpact.shape.change, flows: z.number().int().positive(), connections: z.number().int() });
export type FlipCount = z.infer<typeof FlipCount>;

/** What one change of the draft does to seen flows by itself: their verdict without it against that of the whole draft. Worst first; empty where leaving it out changes nothing. */
export const ChangeFlips = z.strictObject({
  what: z.enum(['zone', 'zone-order', 'rule', 'service', 'iplist', 'containment']),
  /** As in the policy's diff. */
  name: z.string(),
  /** Null where it cannot be left out alone, or was not looked at; `note` then says why. */
  flips: z.array(FlipCount).nullable(),
  /** One sentence, or empty. */
  note: z.string(),
});
export type ChangeFlips = z.infer<typeof ChangeFlips>;

export const FlipReport = z.strictObject({
  changes: z.array(ChangeFlips),
  /** What flips from the newest version to the draft only because several changes come together: without any one of them it would not. */
  together: z.array(z.strictObject({ changes: z.array(z.string()), flips: z.array(FlipCount) })),
  /** What flips, and would whichever one change were left out: more than one of them does it. */
  eitherWay: z.array(FlipCount),
  /** Distinct flows that were judged, and since when. */
  flows: z.number().int(),
  sinceMs: z.number().int(),
});
export type FlipReport = z.infer<typeof FlipReport>;
