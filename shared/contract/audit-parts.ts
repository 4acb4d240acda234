import { z } from 'zod';

/** The file is the texts of all parts, one after another. `entries` counts those up to here. `lastHash`: of the last entry; null where there is none. */
export const AuditExportEvent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('part'), text: z.string(), entries: z.number().int() }),
  z.strictObject({ type: z.literal('done'), entries: z.number().int(), lastHash: z.string().nullable() }),
]);
export type AuditExportEvent = z.infer<typeof AuditExportEvent>;
