import { z } from 'zod';
import { ForwardDestination, ForwardName } from '../model/forward.ts';

/** A destination and how sending to it stands. `sent` counts those that were sent twice, too; `dropped` those that went from the spool unsent; `setAside` those that no message could be made of. Times are epoch ms. */
export const ForwardView = ForwardDestination.extend({
  /** Whether somebody said on this machine that events may go there; false: nothing is sent from it. */
  confirmed: z.boolean(),
  addedAtMs: z.number().int(),
  addedBy: z.string(),
  waiting: z.number().int(),
  sent: z.number().int(),
  dropped: z.number().int(),
  setAside: z.number().int(),
  /** Of the newest that is set aside. */
  setAsideReason: z.string().nullable(),
  /** In a row; 0: the last attempt went well, or there was none. */
  failures: z.number().int(),
  lastSentAtMs: z.number().int().nullable(),
  /** Null while nothing fails. */
  lastError: z.string().nullable(),
  /** When the window tries again; null while nothing fails. */
  nextTryAtMs: z.number().int().nullable(),
});
export type ForwardView = z.infer<typeof ForwardView>;

export const ForwardNamed = z.strictObject({ name: ForwardName });

/** An event that was never sent, because it could not be read or made into a message. `text`: as it was stored. */
export const SetAsideEvent = z.strictObject({ id: z.number().int(), uid: z.string(), kind: z.string(), text: z.string(), reason: z.string(), setAsideAtMs: z.number().int() });
export type SetAsideEvent = z.infer<typeof SetAsideEvent>;

/** What one destination took now. `busy`: another process sends to it. `confirmed` false: nothing may be sent from this machine. `error` null: nothing failed. */
export const ForwardRun = z.strictObject({ name: z.string(), sent: z.number().int(), setAside: z.number().int(), waiting: z.number().int(), busy: z.boolean(), confirmed: z.boolean(), error: z.string().nullable() });
export type ForwardRun = z.infer<typeof ForwardRun>;
