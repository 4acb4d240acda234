import { z } from 'zod';

/**
 * What is derived of how well a host is kept. It rests on the host's word: whoever holds the host chooses it. `unknown` is never taken for good:
 * it is what a host does not say, or said too long ago.
 */
export const Posture = z.strictObject({
  'secure-boot': z.enum(['on', 'off', 'unknown']),
  disk: z.enum(['encrypted', 'plain', 'unknown']),
  updates: z.enum(['current', 'pending', 'unknown']),
  edr: z.enum(['present', 'absent', 'unknown']),
});
export type Posture = z.infer<typeof Posture>;
export type PostureFact = keyof Posture;
export const POSTURE_FACTS = ['secure-boot', 'disk', 'updates', 'edr'] as const satisfies readonly PostureFact[];
export const UNKNOWN_POSTURE: Posture = { 'secure-boot': 'unknown', disk: 'unknown', updates: 'unknown', edr: 'unknown' };

/** Labels of these keys are derived; nobody sets them. */
export const POSTURE_PREFIX = 'posture.';
export const isPostureKey = (key: string): boolean => key.startsWith(POSTURE_PREFIX);

/** By the key of its label, `posture.disk`; undefined where there is no such. */
export const findPostureFact = (key: string): PostureFact | undefined => POSTURE_FACTS.find((fact) => key === `${POSTURE_PREFIX}${fact}`);
export const listPostureValues = (fact: PostureFact): readonly string[] => Posture.shape[fact].options;

/** As it was last said, and since when each part is as it is. Times are the console's clock, epoch ms. */
export const SaidPosture = z.strictObject({
  values: Posture,
  /** When the host said it. */
  atMs: z.number(),
  /** When the package lists were published; null where that is not known. */
  listsAtMs: z.number().nullable(),
  /** When each part was first said as it is now, and what it was before; `before` null: nothing was said before. */
  since: z.record(z.enum(POSTURE_FACTS), z.strictObject({ atMs: z.number(), before: z.string().nullable() })),
});
export type SaidPosture = z.infer<typeof SaidPosture>;

/** One part as it counts now. `before` null: it was never anything else. */
export const PosturePart = z.strictObject({ fact: z.enum(POSTURE_FACTS), value: z.string(), sinceMs: z.number().nullable(), before: z.string().nullable() });
export type PosturePart = z.infer<typeof PosturePart>;
