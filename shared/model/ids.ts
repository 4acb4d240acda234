import { z } from 'zod';

/**
 * Branded ids: a one-letter kind, an underscore and 12 characters of [0-9a-z].
 * They are made only by parsing; `main/services/new-id.ts` draws the random part.
 * The alphabet is safe inside nft comments, shell words, file names and URLs.
 */
const idSchema = <Kind extends string>(kind: Kind) =>
  z.string().regex(new RegExp(`^${kind}_[0-9a-z]{12}$`), `expected an id like ${kind}_0123456789ab`);

export const HostId = idSchema('h').brand('HostId');
export type HostId = z.infer<typeof HostId>;

export const RuleId = idSchema('r').brand('RuleId');
export type RuleId = z.infer<typeof RuleId>;

export const ContainmentId = idSchema('c').brand('ContainmentId');
export type ContainmentId = z.infer<typeof ContainmentId>;

export const LabelRuleId = idSchema('l').brand('LabelRuleId');
export type LabelRuleId = z.infer<typeof LabelRuleId>;

export const PushId = idSchema('p').brand('PushId');
export type PushId = z.infer<typeof PushId>;

/** Versions are numbered 1, 2, 3 … within a workspace; the number is what people say. */
export const PolicyVersionId = z.number().int().positive().brand('PolicyVersionId');
export type PolicyVersionId = z.infer<typeof PolicyVersionId>;
