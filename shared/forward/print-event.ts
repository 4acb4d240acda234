import type { ForwardFormat, SpooledEvent } from '../model/forward.ts';
import { type Severity, severityOf } from './event-words.ts';
import type { Sender } from './sender.ts';
import { shortenEvent } from './shorten-event.ts';
import { toEcs } from './to-ecs.ts';
import { toOcsf } from './to-ocsf.ts';

/** One line of JSON in ASCII: whatever hosts called their processes, no receiver sees a line end, a control character or a broken encoding in it. Pure. */
export function printEvent(event: SpooledEvent, format: ForwardFormat, sender: Sender): string {
  const text = JSON.stringify(format === 'ocsf' ? toOcsf(event, sender) : toEcs(event, sender));
  return text.replaceAll(/[^\x20-\x7e]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** local0 (https://www.rfc-editor.org/rfc/rfc5424#section-6.2.1), for the receiver to sort by. */
const FACILITY = 16;
const SYSLOG_SEVERITY: Record<Severity, number> = { 1: 6, 2: 5, 3: 4, 4: 3 };

/** rsyslog takes 8 KiB unless it is told otherwise, header included, and cuts what is longer, so that it is no JSON any more; a receiver need not take more than 2 KiB (https://www.rfc-editor.org/rfc/rfc5424#section-6.1). */
export const MAX_SYSLOG_BYTES = 8000;
/** To what texts are cut until a message fits, in turn: what is sent twice is cut alike. */
const CUTS: readonly number[] = [2000, 1000, 500, 250, 120];

/**
 * The message of RFC 5424, without a frame around it: MSGID is the kind of the event, and there is no structured data, because MSG is JSON. What would be longer than MAX_SYSLOG_BYTES has
 * its long texts cut (see shortenEvent). Pure.
 * @throws what could not be made to fit
 */
export function printSyslog(event: SpooledEvent, format: ForwardFormat, sender: Sender): string {
  const whole = printWhole(event, format, sender);
  if (whole.length <= MAX_SYSLOG_BYTES) return whole;
  for (const maxChars of CUTS) {
    const text = printWhole(shortenEvent(event, maxChars), format, sender);
    if (text.length <= MAX_SYSLOG_BYTES) return text;
  }
  throw new Error(`it is longer than the ${MAX_SYSLOG_BYTES} bytes of a syslog message, even with its texts cut`);
}

/** All of it is ASCII: a character is a byte. */
function printWhole(event: SpooledEvent, format: ForwardFormat, sender: Sender): string {
  const priority = FACILITY * 8 + SYSLOG_SEVERITY[severityOf(event.event)];
  const hostName = sender.hostName.replaceAll(/[^\x21-\x7e]/g, '').slice(0, 255) || '-';
  return `<${priority}>1 ${new Date(event.atMs).toISOString()} ${hostName} firebreak ${sender.processId} ${event.event.kind} - ${printEvent(event, format, sender)}`;
}
