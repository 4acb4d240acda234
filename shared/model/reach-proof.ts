import { z } from 'zod';

/** What a kernel says of the SYNs of one try: all, none or some of those that may have been it; `unknown` where nobody witnessed. */
export const Sighting = z.enum(['yes', 'no', 'mixed', 'unknown']);
export type Sighting = z.infer<typeof Sighting>;

/** What the connecting end saw; '' where nothing was tried. See `TryAnswer` of the agent. */
export const ProofAnswer = z.enum(['', 'connected', 'refused', 'timed-out', 'unreachable', 'no-address', 'no-tool', 'failed']);
export type ProofAnswer = z.infer<typeof ProofAnswer>;

/** One TCP connection, from an address of one host to one of another: what policy asks, and what both ends said. What follows from it is computed (`conclude-try.ts`), never stored. */
export const ReachTry = z.strictObject({
  /** The policy test that asks for it; '' where it is a sample of what the rules say. */
  test: z.string(),
  from: z.string(),
  /** '' none. */
  fromZone: z.string(),
  source: z.string(),
  to: z.string(),
  toZone: z.string(),
  destination: z.string(),
  port: z.number().int(),
  expect: z.enum(['allow', 'deny']),
  /** Why nothing was tried; '' where it was. */
  untried: z.string(),
  /** Who connected, with what; '' where nothing was tried. */
  user: z.string(),
  tool: z.string(),
  answer: ProofAnswer,
  /** A SYN at four points: made by a process of the source and past its rules, come to the destination and past its rules. */
  sent: Sighting,
  left: Sighting,
  arrived: Sighting,
  entered: Sighting,
  /** Why an end did not witness; '' where it did. */
  sourceSilent: z.string(),
  destinationSilent: z.string(),
});
export type ReachTry = z.infer<typeof ReachTry>;

/** A run of tries. The same seed chooses the same pairs, as long as policy, fleet and what listens are the same. */
export const ReachProof = z.strictObject({
  id: z.number().int(),
  startedAtMs: z.number().int(),
  endedAtMs: z.number().int(),
  by: z.string(),
  /** Of the policy tests and rules that were tried; null: none was pushed. */
  version: z.number().int().nullable(),
  zone: z.string().nullable(),
  sample: z.number().int(),
  seed: z.number().int(),
  notes: z.array(z.string()),
  tries: z.array(ReachTry),
});
export type ReachProof = z.infer<typeof ReachProof>;
