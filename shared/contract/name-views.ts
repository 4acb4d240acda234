import { z } from 'zod';
import { DnsName } from '../model/dns-name.ts';
import { IpListName } from '../model/names.ts';
import { ANSWER_STATES } from '../policy/name-answers.ts';

/** `names` are IP lists, or host names in them; null: every name of the draft. Hosts: those that rules with the list are about. */
export const ResolveNamesInput = z.strictObject({ names: z.array(z.string().max(253)).min(1).max(1000).nullable(), from: z.enum(['console', 'hosts', 'both']) });
export type ResolveNamesInput = z.infer<typeof ResolveNamesInput>;

/** One entry of the ledger. `seenBy`: the name of a host, or null for the console. Epoch ms. */
const Sighting = z.strictObject({ seenBy: z.string().nullable(), firstSeenAtMs: z.number().int(), lastSeenAtMs: z.number().int(), times: z.number().int() });

/** `state`: shared/policy/name-answers.ts; `why` is half a sentence, empty where the address is used. `sightings` newest first, 50 at most. */
const Answer = z.strictObject({ address: z.string(), state: z.enum(ANSWER_STATES), why: z.string(), sightings: z.array(Sighting).min(1) });

const Question = z.strictObject({ askedBy: z.string().nullable(), askedAtMs: z.number().int(), problem: z.string().nullable() });

/** One name of one list. No answers: nobody could resolve it, and it matches nobody. `questions` newest first. */
export const NameView = z.strictObject({ name: DnsName, answers: z.array(Answer), questions: z.array(Question) });
export type NameView = z.infer<typeof NameView>;

/** `drift`: what answers changed since hosts got their rules, a line each; empty: hosts run what the list means. In the order of the draft. */
export const NamedListView = z.strictObject({ list: IpListName, days: z.number().int(), names: z.array(NameView), drift: z.array(z.string()) });
export type NamedListView = z.infer<typeof NamedListView>;

export const NamesView = z.strictObject({ lists: z.array(NamedListView) });
export type NamesView = z.infer<typeof NamesView>;
