import { AgentEvent } from '../../shared/contract/agent-replies.ts';
import type { HostEvent } from '../../shared/contract/views.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { appendAudit, countAuditOf } from '../db/audit-store.ts';
import { addHostEvent, deleteEventsOf, lastEventSeq, listEventsOf } from '../db/host-event-store.ts';
import { noteEvent } from './alert-events.ts';
import type { BackendContext } from './backend-context.ts';

const SHOWN = 50;
/** What a host keeps; more at once is made up. */
const MAX_A_FETCH = 512;
/** The audit log is kept for ever: what a host says beyond this is told in one entry. */
export const MAX_AUDITED_A_DAY = 2_000;
const MAX_DETAIL_CHARS = 2_000;
const DAY_MS = 86_400_000;
/** What `events --after` takes: 14 digits. */
const MAX_SEQ = 99_999_999_999_999;

/** Where to fetch from: the number of the last event that was stored. */
export const readEventCursor = (ctx: BackendContext, host: HostId): number => lastEventSeq(ctx.workspace.read, host);

/** Newest first. */
export const listHostEvents = (ctx: BackendContext, host: HostId): HostEvent[] =>
  listEventsOf(ctx.workspace.read, host, SHOWN).map(({ seq, atMs, event, fields }) => ({ seq, atMs, event, text: describeEvent(event, fields) }));

/**
 * Stores what `events` printed, each with an audit entry of the actor `host:NAME`, in one transaction; what is stored already, not
 * understood, or numbered above `lastSeq` (what the host's status said: else one line could be the cursor for ever) is passed over.
 * Beyond 2,000 audit entries in a day one says how many were left out. Gives one line for people for each new one.
 */
export function storeEvents(ctx: BackendContext, host: { id: HostId; name: string }, lines: readonly string[], lastSeq: number): string[] {
  let cursor = readEventCursor(ctx, host.id);
  const actor = `host:${host.name}`;
  const news: string[] = [];
  ctx.workspace.transaction((tx) => {
    const before = countAuditOf(tx, actor, ctx.nowMs() - DAY_MS);
    let leftOut = 0;
    for (const line of lines.slice(0, MAX_A_FETCH)) {
      const event = parseEvent(line);
      if (event === null || event.seq <= cursor || event.seq > Math.min(lastSeq, MAX_SEQ)) continue;
      cursor = event.seq;
      const text = describeEvent(event.event, event.fields);
      const atMs = toAtMs(event.at);
      addHostEvent(tx, host.id, { seq: event.seq, atMs, event: event.event, fields: event.fields });
      noteEvent(ctx, tx, host.id, { event: event.event, fields: event.fields, atMs });
      if (before + news.length >= MAX_AUDITED_A_DAY) {
        leftOut += 1;
        continue;
      }
      const action = `host.${/^[a-z-]+$/.test(event.event) ? event.event : 'event'}`;
      appendAudit(tx, { atMs: ctx.nowMs(), actor, action, subject: host.name, detail: `${cut(text)} (at ${new Date(atMs).toISOString()} by its clock)` });
      news.push(text);
    }
    // Above the limit this entry is there already.
    if (leftOut > 0 && before <= MAX_AUDITED_A_DAY) {
      const detail = `${leftOut} more events were left out: no more than ${MAX_AUDITED_A_DAY} of a host are recorded in a day`;
      appendAudit(tx, { atMs: ctx.nowMs(), actor, action: 'host.events-left-out', subject: host.name, detail });
      news.push(detail);
    }
  });
  if (news.length > 0) ctx.changes.emit(['hosts', 'audit']);
  return news;
}

/** The host counts from the beginning again (a fresh install). The audit log keeps what was stored. */
export function forgetHostEvents(ctx: BackendContext, host: HostId): void {
  ctx.workspace.transaction((tx) => deleteEventsOf(tx, host));
}

/** `tampered what=rules difference=…`: the journal's own form, without quotes. Pure. */
export function describeEvent(event: string, fields: AgentEvent['fields']): string {
  const pairs = Object.entries(fields).map(([name, value]) => `${name}=${value ?? 'none'}`);
  return [event, ...pairs].join(' ');
}

const cut = (text: string): string => (text.length <= MAX_DETAIL_CHARS ? text : `${text.slice(0, MAX_DETAIL_CHARS)} …`);

function parseEvent(line: string): AgentEvent | null {
  let document: unknown;
  try {
    document = JSON.parse(line);
  } catch {
    return null;
  }
  const parsed = AgentEvent.safeParse(document);
  return parsed.success ? parsed.data : null;
}

/** A host's clock may say anything: 8.64e15 ms is as far as a Date goes (ECMA-262, 21.4.1.1). */
function toAtMs(atSeconds: number): number {
  return Math.trunc(Math.min(Math.max(atSeconds * 1000, 0), 8.64e15));
}
