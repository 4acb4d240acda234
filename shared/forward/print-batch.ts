import type { ForwardDestination, SpooledEvent, WaitingEvent } from '../model/forward.ts';
import { printEvent, printSyslog } from './print-event.ts';
import type { Sender } from './sender.ts';

/** What goes out, in the order of the events, and those of which no message can be made, with a reason without a full stop. */
export type PrintedBatch = { readonly printed: readonly { readonly id: number; readonly text: string }[]; readonly refused: readonly { readonly id: number; readonly reason: string }[] };

/** The messages of a destination's kind; one event that cannot be read or said keeps no other back. Pure. */
export function printBatch({ target, format }: Pick<ForwardDestination, 'target' | 'format'>, events: readonly WaitingEvent[], sender: Sender): PrintedBatch {
  const print = (event: SpooledEvent) => (target.kind === 'file' || target.kind === 'webhook' ? printEvent(event, format, sender) : printSyslog(event, format, sender));
  const printed: { id: number; text: string }[] = [];
  const refused: { id: number; reason: string }[] = [];
  for (const { event, ...spooled } of events) {
    if (event === null) {
      refused.push({ id: spooled.id, reason: 'it cannot be read: another version wrote it, or the file is damaged' });
      continue;
    }
    try {
      printed.push({ id: spooled.id, text: print({ ...spooled, event }) });
    } catch (error) {
      refused.push({ id: spooled.id, reason: `no message can be made of it: ${error instanceof Error ? error.message : 'no reason was given'}` });
    }
  }
  return { printed, refused };
}
