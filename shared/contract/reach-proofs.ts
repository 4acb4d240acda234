import { z } from 'zod';
import { ZoneName } from '../model/names.ts';
import { ReachProof, ReachTry } from '../model/reach-proof.ts';

/** `sample`: how many pairs of hosts and ports are drawn beside the policy tests. `seed` null: another one each time, which is in the result. */
export const ProofOrder = z.strictObject({ zone: ZoneName.nullable(), sample: z.number().int().min(0).max(100), seed: z.number().int().min(0).max(0xffff_ffff).nullable() });
export type ProofOrder = z.infer<typeof ProofOrder>;

export const ProofRow = z.strictObject({ ...ReachTry.shape, conclusion: z.enum(['allowed', 'blocked', 'contradicts', 'not-proven']), cause: z.string() });
export type ProofRow = z.infer<typeof ProofRow>;
const count = z.number().int();
const ProofFigures = z.strictObject({ allowed: count, blocked: count, contradicts: count, 'not-proven': count });

export const ProofHead = z.strictObject({ ...ReachProof.omit({ tries: true, notes: true }).shape, figures: ProofFigures });
export type ProofHead = z.infer<typeof ProofHead>;
/** Contradictions first, then what is not proven. */
export const ProofView = z.strictObject({ ...ProofHead.shape, notes: z.array(z.string()), rows: z.array(ProofRow) });
export type ProofView = z.infer<typeof ProofView>;
