import type { AgentSession } from '../../../shared/contract/agent-replies.ts';
import type { ImportFigures } from '../../../shared/model/flow-source.ts';
import { createConntrackParser } from '../conntrack.ts';
import { type ConversationBook, createConversationBook, sumConversations } from '../conversation-book.ts';
import type { IsListening } from '../infer-service.ts';
import { createLeftOutBook } from '../left-out-book.ts';
import type { RowSink, SeenRow } from '../seen-row.ts';

const CAVEAT = 'what was open, or still remembered by the kernel, when the bundle was made; the time is that of its host';
const MAX_LINE_CHARS = 4096;

export type CollectionFlows = { figures: Omit<ImportFigures, 'sha256' | 'bytes'>; book: ConversationBook };
type Input = { sessions: readonly AgentSession[] /** One character a byte. */; conntrack: string; atMs: number; nowMs: number; isListening: IsListening };

/** The connections that a collection tells: live sockets, and what connection tracking had. One that both tell counts once. Bounded as every import is. Pure. */
export function readCollectionFlows({ sessions, conntrack, atMs, nowMs, isListening }: Input): CollectionFlows {
  const book = createConversationBook({ nowMs, isListening });
  const leftOut = createLeftOutBook();
  let [taken, lineNumber, line] = [0, 0, ''];
  const takeRow = (row: SeenRow): void => {
    const left = book.add(row);
    if (left === null) taken += 1;
    else leftOut.add(left.kind, left.reason, Math.max(1, lineNumber), line);
  };
  for (const session of sessions) {
    lineNumber += 1;
    line = `${session.protocol} ${session.local} ${session.localPort} ${session.peer} ${session.peerPort}`;
    takeRow(toRow(session, atMs));
  }
  const sink: RowSink = { take: (row) => takeRow({ ...row, witness: 'conntrack' }), leaveOut: (kind, reason) => leftOut.add(kind, reason, lineNumber, line) };
  const parse = createConntrackParser(sink, atMs);
  lineNumber = 0;
  for (const text of conntrack.split('\n')) {
    lineNumber += 1;
    line = text.slice(0, MAX_LINE_CHARS);
    if (line.trim() !== '') parse(withoutKernelForm(line));
  }
  return {
    figures: { format: 'collection', read: taken + leftOut.rows(), taken, leftOut: leftOut.list(), ...sumConversations(book.conversations()), caveat: CAVEAT },
    book,
  };
}

/** /proc/net/nf_conntrack pads its columns; else it is what `conntrack -L -o extended` prints. */
const withoutKernelForm = (line: string): string => line.replace(/\s+/g, ' ');

/** In what direction the kernel's own sockets tell it; where nothing does, ports and listeners decide. */
function toRow({ protocol, direction, local, localPort, peer, peerPort }: AgentSession, atMs: number): SeenRow {
  const isTowardsLocal = direction === 'in' || direction === 'routed';
  const ends = isTowardsLocal
    ? { from: peer, fromPort: peerPort, to: local, toPort: localPort }
    : { from: local, fromPort: localPort, to: peer, toPort: peerPort };
  return {
    ...ends,
    protocol,
    order: isTowardsLocal ? 'opened' : direction === 'out' ? 'first' : 'unsure',
    verdict: 'accepted',
    answered: true,
    atMs,
    untilMs: atMs,
    witness: 'socket',
  };
}
