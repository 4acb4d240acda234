import type { SeenRow } from './seen-row.ts';

/** States in which the originator's SYN, or the answer to it, was seen (https://docs.zeek.org/en/master/scripts/base/protocols/conn/main.zeek.html, conn_state). */
const OPENED_STATES = new Set(['S0', 'S1', 'SF', 'REJ', 'S2', 'S3', 'RSTO', 'RSTR', 'RSTOS0', 'RSTRH', 'SH', 'SHR']);
const UNANSWERED_STATES = new Set(['S0', 'REJ', 'RSTOS0', 'SH']);

/** What Zeek's columns say about who began, and whether the other end took it. Empty texts where a column is missing or unset. */
export function readZeekOrder(protocol: string, state: string, history: string): Pick<SeenRow, 'order' | 'answered'> {
  if (protocol !== 'tcp') return { order: 'first', answered: true };
  // A capital S is the originator's SYN, h the responder's SYN-ACK; without a history the state tells.
  const isOpened = history === '' ? OPENED_STATES.has(state) : /[Sh]/.test(history);
  const order = isOpened ? 'opened' : history === '' && state === '' ? 'first' : 'unsure';
  return { order, answered: !UNANSWERED_STATES.has(state) };
}
