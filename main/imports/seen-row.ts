import type { FlowVerdict } from '../../shared/model/flow.ts';

/** One row of a log, as the log has it. Addresses are not checked yet. Times are epoch ms. */
export type SeenRow = {
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  /** Lower-case name, or IANA number as text. */
  protocol: string;
  /** opened: `from` was seen to open it · first: the log says that `from` sent first · reply: `from` answers · unsure: the log says nothing. */
  order: 'opened' | 'first' | 'reply' | 'unsure';
  verdict: Extract<FlowVerdict, 'accepted' | 'blocked'>;
  /** False where the log shows that nothing came back. */
  answered: boolean;
  atMs: number;
  untilMs: number;
  /** Who tells it (an interface, a kind of event): two witnesses of one conversation count once. Empty where the log has one. */
  witness: string;
  /** It tells of a connection that began before, and that counts once an hour however often it is told so. */
  continues?: true;
};

/** Takes what a parser found. Each row of the log is told exactly once, as one or the other. */
export type RowSink = {
  take(row: SeenRow): void;
  /** `reason` is one of few texts: what differs from row to row is in the example. */
  leaveOut(kind: 'refused' | 'skipped', reason: string): void;
};

/** Reads one line (or, of nested JSON, one record) after the other. Text is one character a byte (latin1), so that no byte is ever invalid. */
export type RowParser = (text: string) => void;

export const REASONS = {
  address: 'an address cannot be read',
  port: 'a port is no number from 0 to 65535',
  protocol: 'the protocol cannot be read',
  time: 'the time cannot be read',
  timeRange: 'the time is before 1990 or more than a day ahead',
  fields: 'the line has fewer fields than its header names',
  json: 'not a JSON object',
  tooLong: 'the line is longer than 1 MiB',
  loopback: 'loopback: it never left its host',
  witnesses: 'more than 64 interfaces tell the same conversation',
  full: 'more different conversations than one import may hold (500,000, or 1,000,000 days of them)',
} as const;
