import { inert } from './inert.ts';

const TAB_COLUMNS = 4;
const MAX_COLUMNS = 120;
const LONG_LINE = 2000;

/** Without byte order mark, every line ended by one line feed: what lines and columns are counted in. */
export const normalizeText = (text: string): string => text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');

/** One line of a file as a terminal shows it, and a caret below the character at `column` (from 1, in characters). Tabs are spaces, what could move the cursor is an escape, a long line is cut to what is around the place. */
export function excerpt(text: string, line: number, column: number): { readonly source: string; readonly caret: string } {
  const whole = normalizeText(text).split('\n', line)[line - 1] ?? '';
  // A line of megabytes is looked at only around the place.
  const skipped = whole.length > LONG_LINE ? Math.max(0, column - 1 - MAX_COLUMNS) : 0;
  const shown = [...whole.slice(skipped, whole.length > LONG_LINE ? skipped + LONG_LINE : undefined)].map((character) => (character === '\t' ? ' '.repeat(TAB_COLUMNS) : inert(character)));
  const at = Math.max(0, Math.min(column - 1 - skipped, shown.length));
  const isLong = widthOf(shown) > MAX_COLUMNS;
  let start = 0;
  while (isLong && start < at && widthOf(shown.slice(start, at)) > MAX_COLUMNS / 2) start += 1;
  let end = shown.length;
  if (widthOf(shown.slice(start, end)) > MAX_COLUMNS) {
    end = at;
    while (end < shown.length && widthOf(shown.slice(start, end + 1)) <= MAX_COLUMNS) end += 1;
  }
  const cut = start > 0 || skipped > 0 ? '…' : '';
  return { source: `${cut}${shown.slice(start, end).join('')}${end < shown.length ? '…' : ''}`, caret: `${' '.repeat(cut.length + widthOf(shown.slice(start, at)))}^` };
}

const widthOf = (parts: readonly string[]): number => parts.reduce((sum, part) => sum + [...part].reduce((width, character) => width + columnsOf(character), 0), 0);

/** Columns that a terminal gives a character: Unicode Standard Annex 11 (wide and fullwidth), combining marks and joiners none. */
function columnsOf(character: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(character)) return 0;
  return /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1faff}\u{20000}-\u{3fffd}]$/u.test(character) ? 2 : 1;
}
