import { z } from 'zod';
import { HostName } from '../model/names.ts';
import { SelectorSet } from '../model/selector.ts';

/** Which hosts a command is for: names, or a selector, or all managed ones. Never an empty list. */
export const HostChoice = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all') }),
  z.strictObject({ kind: z.literal('names'), names: z.array(HostName).min(1) }),
  z.strictObject({ kind: z.literal('selector'), select: SelectorSet }),
]);
export type HostChoice = z.infer<typeof HostChoice>;

/** What each host answered to a command over many; one failing never stops the others. */
export const PerHost = z.strictObject({
  hostName: z.string(),
  ok: z.boolean(),
  text: z.string(),
  error: z.strictObject({ code: z.string(), title: z.string(), hint: z.string() }).nullable(),
});
export type PerHost = z.infer<typeof PerHost>;
export const ManyHosts = z.strictObject({ hosts: z.array(PerHost) });
