import { z } from 'zod';
import { PolicyVersionId } from '../model/ids.ts';
import { ZoneMode } from '../model/policy.ts';
import { ModeEvidence } from '../model/readiness.ts';

/** One immutable version. `isMoved`: this version is the one that gave the zone its mode. */
export const VersionDetail = z.strictObject({
  id: PolicyVersionId,
  parent: PolicyVersionId.nullable(),
  hash: z.string(),
  author: z.string(),
  note: z.string(),
  createdAtMs: z.number().int(),
  rules: z.number().int(),
  zones: z.array(z.strictObject({ name: z.string(), mode: ZoneMode, isMoved: z.boolean(), evidence: ModeEvidence.nullable() })),
});
export type VersionDetail = z.infer<typeof VersionDetail>;
