import { z } from 'zod';
import { HostChoice } from './host-choice.ts';

/** A day: whoever wants it less often than that starts a command. */
export const MAX_EVERY_MINUTES = 1440;

/** Why a host was not asked: a password that nobody has given, a push, somebody who collects there now, or that it failed lately and is left alone for a while. */
export const PassedWhy = z.enum(['password', 'push', 'busy', 'left-alone']);
export type PassedWhy = z.infer<typeof PassedWhy>;

/** What a round over many hosts came to. Names are in order. */
export const CollectRound = z.strictObject({
  startedAtMs: z.number(),
  endedAtMs: z.number(),
  /** With an agent, among those chosen; the others are not asked. */
  hosts: z.number().int(),
  withoutAgent: z.number().int(),
  answered: z.number().int(),
  failed: z.array(z.strictObject({ hostName: z.string(), title: z.string() })),
  passed: z.array(z.strictObject({ hostName: z.string(), why: PassedWhy })),
});
export type CollectRound = z.infer<typeof CollectRound>;

/** `everyMinutes`: how often rounds come, which says how long a host that does not answer is left alone. */
export const CollectRoundOrder = z.strictObject({ hosts: HostChoice, everyMinutes: z.number().int().min(1).max(MAX_EVERY_MINUTES) });

/** How this workspace's window collects by itself, and what came of it. */
export const CollectView = z.strictObject({
  /** null: off. */
  everyMinutes: z.number().int().nullable(),
  isUnderWay: z.boolean(),
  /** Over all hosts, by a window or the command line. */
  last: CollectRound.nullable(),
  /** null where it is off, or where this process is no window that may write. */
  nextAtMs: z.number().nullable(),
});
export type CollectView = z.infer<typeof CollectView>;
