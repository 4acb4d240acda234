import { z } from 'zod';

export const SearchKind = z.enum(['host', 'zone', 'rule', 'service', 'iplist', 'view', 'address', 'flow']);
export type SearchKind = z.infer<typeof SearchKind>;

export const SearchQuery = z.strictObject({ text: z.string().trim().min(1).max(200), limit: z.number().int().min(1).max(100) });
export type SearchQuery = z.infer<typeof SearchQuery>;

/** `name` is what identifies it: the name, the rule's id, the address; of a flow the text that the list of flows finds it by. `score` is from 0 to 1, as `matchScore` gives it. */
export const SearchHit = z.strictObject({ kind: SearchKind, name: z.string(), title: z.string(), detail: z.string(), score: z.number() });
export type SearchHit = z.infer<typeof SearchHit>;
