import { z } from 'zod';
import { ZoneMode } from './policy.ts';

/** Who overruled a check, and why. */
const Waiver = z.strictObject({ reason: z.string(), actor: z.string(), atMs: z.number().int() });

/** One line of the evidence for a move. `text` is what was found, in a sentence; `figure` the same in few characters, beside what is `wanted`. */
export const ReadinessCheck = z.strictObject({
  check: z.string(),
  /** Only a blocker stops the move. waived: it was a blocker or a warning, and somebody gave a reason. */
  state: z.enum(['ok', 'warning', 'blocker', 'waived']),
  text: z.string(),
  figure: z.string(),
  wanted: z.string(),
  /** What goes wrong where it is not met. */
  why: z.string(),
  /** The command that shows the detail. */
  detail: z.string(),
  waiver: Waiver.nullable(),
});
export type ReadinessCheck = z.infer<typeof ReadinessCheck>;

/** On what a zone was moved: the whole list as it was then. It lies beside the policy, and is no part of its content. */
export const ModeEvidence = z.strictObject({
  zone: z.string(),
  from: ZoneMode,
  mode: ZoneMode,
  actor: z.string(),
  atMs: z.number().int(),
  /** Of the zone, its hosts and the rules that touch it, without modes; another one means that the list is about something else. */
  rulesHash: z.string(),
  /** Whether that had changed already when the version was made; always false in the draft, where it is computed. */
  isStale: z.boolean(),
  checks: z.array(ReadinessCheck),
});
export type ModeEvidence = z.infer<typeof ModeEvidence>;

/** By the zone's name. Zones in observe have none. */
export const ZoneEvidences = z.record(z.string(), ModeEvidence);
export type ZoneEvidences = z.infer<typeof ZoneEvidences>;

/** A zone may be called “constructor”, which every object has something under. */
export const findEvidence = (evidences: ZoneEvidences, zone: string): ModeEvidence | undefined => (Object.hasOwn(evidences, zone) ? evidences[zone] : undefined);
