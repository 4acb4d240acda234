import { setImmediate as letOthersIn } from 'node:timers/promises';
import type { AuditExportEvent } from '../../shared/contract/audit-parts.ts';
import type { AuditEvent } from '../../shared/contract/views.ts';
import { iterateAudit } from '../db/audit-store.ts';
import { printCsv } from '../reports/evidence/csv-text.ts';
import { cell } from '../reports/evidence/evidence-cell.ts';
import type { BackendContext } from './backend-context.ts';

const COLUMNS = ['seq', 'at', 'actor', 'action', 'subject', 'detail', 'hash'];
/** A part is sent as soon as its entries have about so many characters; none is divided. */
const PART_CHARS = 200_000;

/**
 * The whole log, oldest first, as it was when this began. A line of JSON is an entry as it is stored: the hash is that of the former hash, a line end and the JSON array
 * [seq, atMs, actor, action, subject, detail], so that anybody can check the chain with sha256sum. Holds one part at a time, however long the log is, and lets other calls in
 * between; leaving ends it.
 * @throws the signal's reason when it aborts
 */
export async function* exportAudit(ctx: BackendContext, format: 'csv' | 'jsonl', signal?: AbortSignal): AsyncGenerator<AuditExportEvent, void, void> {
  const snapshot = ctx.workspace.snapshot();
  try {
    if (format === 'csv') yield { type: 'part', text: CSV_HEADER, entries: 0 };
    let [entries, lastHash]: [number, string | null] = [0, null];
    for (const part of takeParts(iterateAudit(snapshot.read))) {
      entries += part.length;
      lastHash = part.at(-1)?.hash ?? null;
      yield { type: 'part', text: format === 'csv' ? printCsv(COLUMNS, part.map(toRow)).slice(CSV_HEADER.length) : part.map((event) => `${JSON.stringify(toLine(event))}\n`).join(''), entries };
      await letOthersIn();
      signal?.throwIfAborted();
      ctx.workspace.closing.throwIfAborted();
    }
    yield { type: 'done', entries, lastHash };
  } finally {
    snapshot.close();
  }
}

const CSV_HEADER = printCsv(COLUMNS, []);

/** Neighbouring entries until they are long enough for a part. */
function* takeParts(events: Iterable<AuditEvent>): Generator<AuditEvent[], void, void> {
  let [part, chars]: [AuditEvent[], number] = [[], 0];
  for (const event of events) {
    part.push(event);
    chars += JSON.stringify(event).length;
    if (chars < PART_CHARS) continue;
    yield part;
    [part, chars] = [[], 0];
  }
  if (part.length > 0) yield part;
}

const toRow = ({ seq, atMs, actor, action, subject, detail, hash }: AuditEvent): Record<string, string> => ({
  seq: cell.count.encode(seq),
  at: cell.time.encode(atMs),
  actor: cell.text.encode(actor),
  action: cell.text.encode(action),
  subject: cell.text.encode(subject),
  detail: cell.text.encode(detail),
  hash,
});

const toLine = ({ seq, atMs, actor, action, subject, detail, hash }: AuditEvent) => ({ seq, at: new Date(atMs).toISOString(), atMs, actor, action, subject, detail, hash });
