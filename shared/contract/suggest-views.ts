import { z } from 'zod';
import { ZoneName } from '../model/names.ts';
import { Peer } from '../model/peer.ts';
import { Rule } from '../model/policy.ts';
import { SuggestWidth } from '../policy/suggest-options.ts';

const count = z.number().int().nonnegative();

/** What each field means is said at `SuggestOptions`. */
export const SuggestQuery = z.strictObject({
  zone: ZoneName.nullable(),
  /** Only flows seen since; null is all. */
  sinceMs: z.number().int().nullable(),
  maxWidth: SuggestWidth.default('role'),
  wholeRoles: z.boolean().default(false),
  setAside: z.array(Peer).max(1000).default([]),
  keepScanners: z.boolean().default(false),
});

export const Suggestion = z.strictObject({
  rule: Rule.omit({ id: true }),
  /** How many conversations (consumer, provider and service, not connections) it explains; some of them, most connections first. */
  explains: count,
  seen: z.array(z.string()),
  connections: count,
  /** Combinations of consumer, provider and service that it newly permits though never seen; some of them; and those that the draft permits already. */
  neverSeen: count,
  neverSeenExamples: z.array(z.string()),
  permittedBefore: count,
  /** As which shared service it was recognised, and by what. */
  recognised: z.strictObject({ kind: z.string(), why: z.string() }).nullable(),
  /** The rule between whole roles that it stands in place of. */
  narrowed: z.string().nullable(),
  evidence: z.string(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** A consumer whose flows were no reason for a rule: because it was asked for, or because it looks like a port scan. */
export const SetAsideView = z.strictObject({ peer: Peer, why: z.enum(['asked', 'scan']), text: z.string(), exchanges: count, connections: count });
export type SetAsideView = z.infer<typeof SetAsideView>;

export const SuggestionsView = z.strictObject({
  suggestions: z.array(Suggestion),
  /** Over all suggestions; what two of them permit counts once. */
  totals: z.strictObject({ explained: count, connections: count, neverSeen: count, unexplainedConnections: count, setAsideConnections: count }),
  unexplained: z.array(z.string()),
  setAside: z.array(SetAsideView),
  /** Sources of which conversations were looked at, beside what agents recorded: those that no agent recorded, that were answered, and of which it is known who provides. */
  imported: z.array(z.strictObject({ source: z.string(), conversations: count })),
});
export type SuggestionsView = z.infer<typeof SuggestionsView>;
