import { z } from 'zod';
import { Rule } from '../model/policy.ts';
import { TemplateItem } from '../policy/template-merge.ts';

/** `values`: what was chosen for parameters, by name; the others have their default. Owner and ticket go into each new rule. */
export const TemplateUse = z.strictObject({ name: z.string(), values: z.record(z.string(), z.string().max(1000)), owner: Rule.shape.owner.default(''), ticket: Rule.shape.ticket.default('') });
export type TemplateUse = z.infer<typeof TemplateUse>;

/** What a parameter stands for now. `hosts` are the names of the hosts that it is; null for `any`, for ports and for `none`. */
const TemplateEnd = z.strictObject({ parameter: z.string(), text: z.string(), hosts: z.array(z.string()).nullable() });

export const TemplateOutcome = z.strictObject({ template: z.string(), ends: z.array(TemplateEnd), items: z.array(TemplateItem) });
export type TemplateOutcome = z.infer<typeof TemplateOutcome>;
