import { z } from 'zod';
import { DnsName } from './dns-name.ts';
import { HostId } from './ids.ts';

/** Who asked: a host by its own resolver, or (null) the console. */
export const NameAsker = HostId.nullable();

/** One address that one asker got for a name. `address` is canonical. Times are epoch ms by the console's clock. */
export const NameSighting = z.strictObject({
  name: DnsName,
  address: z.string(),
  seenBy: NameAsker,
  firstSeenAtMs: z.number().int(),
  lastSeenAtMs: z.number().int(),
  times: z.number().int().positive(),
});
export type NameSighting = z.infer<typeof NameSighting>;

/** The last time that an asker asked. `problem`: why there was no answer, or what of it was left out; null is an answer as it should be. */
export const NameQuestion = z.strictObject({ name: DnsName, seenBy: NameAsker, askedAtMs: z.number().int(), problem: z.string().nullable() });
export type NameQuestion = z.infer<typeof NameQuestion>;

/** Who resolved what and when. Sightings are bounded by name and asker (main/db/name-ledger-store.ts). */
export type NameLedger = { readonly sightings: readonly NameSighting[]; readonly questions: readonly NameQuestion[] };

export const EMPTY_LEDGER: NameLedger = { sightings: [], questions: [] };
