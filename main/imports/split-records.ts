import type { OnLine, Splitter } from './split-lines.ts';

/** The place inside nested JSON: what is open, whether a text is, and whether its next character is escaped. */
type Place = { open: ('{' | '[')[]; isText: boolean; isEscaped: boolean };
const HEAD_BYTES = 65_536;
/** How far before a list its name is looked for. Looking through all that comes before each took four seconds for 256 KB of nothing but lists. */
const LOOK_BACK_BYTES = 256;
const HAS_RECORDS = /"records"\s*:\s*$/;

/**
 * Cuts JSON into its records: the objects of the list under `records`, of a list that is the whole file, or the objects that follow one another.
 * Keeps one record of `maxBytes` at most; of a longer one its beginning is told as too long. The number is that of the line on which it begins.
 */
export function createRecordSplitter(maxBytes: number, onRecord: OnLine): Splitter {
  const place: Place = { open: [], isText: false, isEscaped: false };
  let recordDepth: number | null = null;
  let parts: string[] = [];
  let keptBytes = 0;
  let isTooLong = false;
  let beginsAt = 1;
  let lineNumber = 1;
  /** Where the record under way begins in this chunk; -1 where none is. */
  let begin = -1;

  const keep = (text: string) => {
    keptBytes += text.length;
    if (keptBytes > maxBytes) isTooLong = true;
    if (!isTooLong || parts.length === 0) parts.push(isTooLong ? text.slice(0, 1024) : text);
  };
  const start = (at: number, depth: number) => {
    recordDepth = depth;
    [parts, keptBytes, isTooLong, beginsAt, begin] = [[], 0, false, lineNumber, at];
  };
  const finish = () => {
    if (recordDepth === null) return;
    onRecord(parts.join(''), beginsAt, isTooLong);
    [recordDepth, parts, begin] = [null, [], -1];
  };
  const before = (text: string, at: number): string => {
    const here = text.slice(Math.max(begin, at - LOOK_BACK_BYTES), at);
    return here.length < LOOK_BACK_BYTES ? parts.join('').slice(-LOOK_BACK_BYTES) + here : here;
  };
  const onOpen = (char: '{' | '[', text: string, at: number) => {
    const depth = place.open.length;
    if (char === '{' && recordDepth === null) start(at, depth);
    // The object that holds the list is no record itself.
    else if (char === '[' && depth === 1 && recordDepth === 0 && keptBytes < HEAD_BYTES && HAS_RECORDS.test(before(text, at))) {
      [recordDepth, parts, begin] = [null, [], -1];
    }
    place.open.push(char);
  };
  const onClose = (text: string, at: number) => {
    place.open.pop();
    if (recordDepth === null || place.open.length > recordDepth) return;
    keep(text.slice(begin, at + 1));
    finish();
  };
  return {
    push: (chunk) => {
      const text = chunk.toString('latin1');
      if (recordDepth !== null) begin = 0;
      for (let at = 0; at < text.length; at += 1) {
        const char = text[at];
        if (char === '\n') lineNumber += 1;
        if (place.isText) readText(place, char);
        else if (char === '"') place.isText = true;
        else if (char === '{' || char === '[') onOpen(char, text, at);
        else if (char === '}' || char === ']') onClose(text, at);
        if (place.open.length > MAX_DEPTH) place.open.length = MAX_DEPTH;
      }
      if (recordDepth !== null) keep(text.slice(begin));
    },
    end: finish,
  };
}

/** Deeper nesting is nobody's log; what is deeper is not told apart. */
const MAX_DEPTH = 1000;

function readText(place: Place, char: string | undefined): void {
  if (place.isEscaped) place.isEscaped = false;
  else if (char === '\\') place.isEscaped = true;
  else if (char === '"') place.isText = false;
}
