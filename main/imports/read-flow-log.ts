import { FirebreakError } from '../../shared/errors.ts';
import type { ImportFormat, ImportFigures } from '../../shared/model/flow-source.ts';
import { type BookOptions, type ConversationBook, createConversationBook, sumConversations } from './conversation-book.ts';
import { detectFormat } from './detect-format.ts';
import { FORMAT_READERS } from './formats.ts';
import { createLeftOutBook, type LeftOutBook } from './left-out-book.ts';
import { type LogFile, readLog, type UnpackLimits } from './log-file.ts';
import { REASONS, type RowSink } from './seen-row.ts';
import { createLineSplitter, type OnLine, type Splitter } from './split-lines.ts';
import { createRecordSplitter } from './split-records.ts';

const MAX_LINE_BYTES = 1_048_576;
const MAX_RECORD_BYTES = 16 * 1_048_576;
const HEAD_BYTES = 65_536;

export type ReadOptions = BookOptions & {
  /** Null: told from the beginning of the file. */
  format: ImportFormat | null;
  signal?: AbortSignal | undefined;
  unpack?: UnpackLimits;
};
/** How far the file was read, in bytes of the file, and how many rows that were; at last the result. */
export type ReadEvent = { kind: 'progress'; readBytes: number; rows: number } | { kind: 'done'; figures: Omit<ImportFigures, 'sha256'>; book: ConversationBook };

/**
 * Reads a log of any size in bounded memory. Rows that cannot be read are counted and never end it. Gives an event a chunk.
 * @throws INPUT_INVALID where the format cannot be told, or the text is UTF-16 · FILE_NOT_READABLE · ABORTED
 */
export async function* readFlowLog(log: LogFile, options: ReadOptions): AsyncGenerator<ReadEvent, void, void> {
  const book = createConversationBook(options);
  const leftOut = createLeftOutBook();
  const counts = { taken: 0, pieces: 0 };
  let format = options.format;
  let splitter: Splitter | null = null;
  let head: Buffer[] = [];
  let damage: string | null = null;
  const begin = (): Splitter => {
    const bytes = Buffer.concat(head);
    assertNotUtf16(log, bytes);
    format ??= detectFormat(bytes.toString('latin1'));
    if (format === null) throw damage === null ? unknownFormat(log) : refuse(`${log.path} cannot be read: ${damage}`);
    const made = createSplitter(format, log, { book, leftOut, counts });
    made.push(bytes);
    head = [];
    return made;
  };
  for await (const chunk of readLog(log, options.signal, options.unpack)) {
    if ('damage' in chunk) {
      damage = chunk.damage;
      leftOut.add('refused', damage, counts.pieces + 1, '');
      break;
    }
    if (splitter !== null) splitter.push(chunk.bytes);
    else if (head.push(chunk.bytes) > 0 && head.reduce((sum, part) => sum + part.length, 0) >= HEAD_BYTES) splitter = begin();
    yield { kind: 'progress', readBytes: chunk.readBytes, rows: counts.taken + leftOut.rows() };
  }
  splitter ??= begin();
  splitter.end();
  if (format === null) throw unknownFormat(log);
  const caveat = [FORMAT_READERS[format].caveat, ...(book.isByDay() ? ['there were more hours than fit, so connections are counted by the day'] : [])].filter((one) => one !== '').join('; ');
  const figures = { format, bytes: log.bytes, read: counts.taken + leftOut.rows(), taken: counts.taken, leftOut: leftOut.list(), ...sumConversations(book.conversations()), caveat };
  yield { kind: 'done', figures, book };
}

type Into = { book: ConversationBook; leftOut: LeftOutBook; counts: { taken: number; pieces: number } };

function createSplitter(format: ImportFormat, log: LogFile, { book, leftOut, counts }: Into): Splitter {
  const reader = FORMAT_READERS[format];
  let lineNumber = 0;
  let line = '';
  const sink: RowSink = {
    take: (row) => {
      const left = book.add(row);
      if (left === null) counts.taken += 1;
      else leftOut.add(left.kind, left.reason, lineNumber, line);
    },
    leaveOut: (kind, reason) => leftOut.add(kind, reason, lineNumber, line),
  };
  const parse = reader.createParser(sink, log.modifiedAtMs);
  const onPiece: OnLine = (text, number, isTooLong) => {
    [line, lineNumber] = [text, number];
    counts.pieces = number;
    if (isTooLong) leftOut.add('refused', reader.pieces === 'lines' ? REASONS.tooLong : 'the record is longer than 16 MiB', number, text);
    else if (!isBlank(text)) parse(text);
  };
  return reader.pieces === 'lines' ? createLineSplitter(MAX_LINE_BYTES, onPiece) : createRecordSplitter(MAX_RECORD_BYTES, onPiece);
}

const isBlank = (text: string): boolean => text === '' || (text.length < 256 && text.trim() === '');

const refuse = (message: string) => new FirebreakError('INPUT_INVALID', { issues: [{ path: '', message }] });
const unknownFormat = (log: LogFile) => refuse(`${log.path} is in no format that is known; say which with --format zeek|suricata|vpc|azure|nfdump|conntrack|ss`);

/** Windows tools write UTF-16, in which every second byte of a log is 0. */
function assertNotUtf16(log: LogFile, bytes: Buffer): void {
  const isMarked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (isMarked) throw refuse(`${log.path} is saved as UTF-16; save it as UTF-8`);
}
