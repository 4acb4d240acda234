import { z } from 'zod';
import { FlowDirection, FlowVerdict, ProcessConfidence } from '../model/flow.ts';
import { Identity } from '../model/identity.ts';
import { PolicyVersionId } from '../model/ids.ts';
import { ServiceRef } from '../model/service.ts';

/** Each end is a host, an address, or what may stand at an end of a rule. `live` reads the counters of the deciding rules from the kernels now, over SSH. */
export const ExplainQuery = z.strictObject({
  from: z.string().max(2000),
  to: z.string().max(2000),
  service: ServiceRef,
  /** Who sends; null is not known. */
  as: Identity.nullable().default(null),
  /** Null is now. */
  atMs: z.number().int().nullable().default(null),
  live: z.boolean().default(false),
});
export type ExplainQuery = z.infer<typeof ExplainQuery>;

const Verdict = z.enum(['allowed', 'would-block', 'blocked']);

/** Figures of a rule's counter at the end where the step decides; all of it as read from that host's kernel. */
const StepCounter = z.strictObject({ packets: z.number().int(), bytes: z.number().int(), sinceMs: z.number().int().nullable(), readAtMs: z.number().int() });

const ExplainStepView = z.strictObject({
  where: z.string(),
  text: z.string(),
  rule: z.string().nullable(),
  /** Null where no rule decides or none was read. */
  counter: StepCounter.nullable(),
  /** One sentence on the counter, or on why there is none; null where no rule decides. */
  counterText: z.string().nullable(),
});

/** The newest thing that one end reported of the other for the service; times are the host's clock. */
export const SeenFlow = z.strictObject({
  reporterName: z.string(),
  direction: FlowDirection,
  lastSeenAtMs: z.number().int(),
  firstSeenAtMs: z.number().int(),
  /** Of all that was reported there, whatever the verdict. */
  connections: z.number().int(),
  verdict: FlowVerdict,
  policyVersion: PolicyVersionId.nullable(),
  user: z.string().nullable(),
  unit: z.string().nullable(),
  process: z.string().nullable(),
  processConfidence: ProcessConfidence,
});
export type SeenFlow = z.infer<typeof SeenFlow>;

export const Explanation = z.strictObject({
  verdict: Verdict,
  /** The pair that is explained: the worst of those that were asked about. */
  pair: z.strictObject({ from: z.string(), to: z.string() }),
  /** Null where only one pair was asked about. Worst verdict first. */
  pairs: z.strictObject({ total: z.number().int(), verdicts: z.array(z.strictObject({ verdict: Verdict, pairs: z.number().int(), from: z.string(), to: z.string() })) }).nullable(),
  steps: z.array(ExplainStepView),
  /** Of the pair, newest first; empty where it was never seen. */
  seen: z.array(SeenFlow),
  /** The same for people, one sentence for each end that could have seen it: what it saw, or since when it looked in vain and what it missed meanwhile. */
  seenTexts: z.array(z.string()),
});
export type Explanation = z.infer<typeof Explanation>;
