import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { errorPayloads } from '../errors.ts';

const errors = Object.fromEntries(Object.entries(errorPayloads).map(([code, data]) => [code, { data }])) as {
  [Code in keyof typeof errorPayloads]: { data: (typeof errorPayloads)[Code] };
};
/** A call of the contract; it may fail with any code of `errorPayloads`. */
export const call = oc.errors(errors);
export const none = z.strictObject({});
export const done = z.strictObject({ ok: z.literal(true) });

/** Progress of a long command: any number of `progress`, then one `done` with the result. */
export const progressOf = <T extends z.ZodType>(result: T) =>
  eventIterator(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('progress'), hostName: z.string().nullable(), text: z.string(), done: z.number().int(), total: z.number().int() }),
      z.strictObject({ type: z.literal('done'), result }),
    ]),
  );
