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
