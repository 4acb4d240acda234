/** Gets the line without its end, its number from 1, and whether it was cut because it is longer than allowed. */
export type OnLine = (text: string, lineNumber: number, isTooLong: boolean) => void;
export type Splitter = { push(chunk: Buffer): void; end(): void };

const UTF8_MARK = '\u00ef\u00bb\u00bf';
/** Of a line that is too long its beginning is kept, for the example. */
const KEPT_BYTES = 1024;

/** Cuts bytes into lines, of which it keeps `maxBytes` at most. Text is one character a byte; a mark of UTF-8 at the beginning is left out. */
export function createLineSplitter(maxBytes: number, onLine: OnLine): Splitter {
  let carry = '';
  let isTooLong = false;
  let lineNumber = 0;
  const tell = (text: string) => {
    lineNumber += 1;
    const whole = lineNumber === 1 && text.startsWith(UTF8_MARK) ? text.slice(UTF8_MARK.length) : text;
    onLine(whole.endsWith('\r') ? whole.slice(0, -1) : whole, lineNumber, isTooLong || whole.length > maxBytes);
    isTooLong = false;
  };
  return {
    push: (chunk) => {
      const text = chunk.toString('latin1');
      let from = 0;
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', from)) {
        if (carry === '') tell(text.slice(from, at));
        else {
          tell(isTooLong ? carry : carry + text.slice(from, at));
          carry = '';
        }
        from = at + 1;
      }
      if (!isTooLong) carry += text.slice(from);
      if (carry.length > maxBytes) {
        isTooLong = true;
        carry = Buffer.from(carry.slice(0, KEPT_BYTES), 'latin1').toString('latin1');
      }
    },
    end: () => {
      if (carry !== '') tell(carry);
    },
  };
}
