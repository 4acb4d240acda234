import { z } from 'zod';
import { inert } from '../../../shared/text/inert.ts';

/** What a spreadsheet would run (https://owasp.org/www-community/attacks/CSV_Injection), the full-width forms too. */
const FORMULA = /^[=+\-@\uff1d\uff0b\uff0d\uff20]/u;

/** Text as a cell holds it: nothing that a spreadsheet runs, a terminal obeys or an eye cannot see. What it gives it leaves as it is, so that a file that was read is written the same. */
export function toCellText(text: string): string {
  const shown = inert(text);
  return FORMULA.test(shown) ? `'${shown}` : shown;
}

const plain = z.string();
const writtenBy = <T>(parse: (cell: string) => T, print: (value: T) => string) => (cell: string) => {
  const value = parse(cell);
  return print(value) === cell;
};

const printTime = (ms: number): string => (Number.isFinite(ms) && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : '');
const printMaybe = (ms: number | null): string => (ms === null ? '' : printTime(ms));
const parseMaybeTime = (cell: string): number | null => (cell === '' ? null : Date.parse(cell));
const printAmount = (value: number | null): string => (value === null ? '' : String(value));
const parseAmount = (cell: string): number | null => (cell === '' ? null : Number(cell));

/**
 * The kinds of cell, each a codec between what the CSV holds and the value: reading accepts only what writing makes, so that a cell has one spelling.
 * Times are RFC 3339 in UTC with milliseconds, epoch ms as values; flags are `yes` and `no`; empty is “not known” or “none” (null) where a kind allows it.
 */
export const cell = {
  text: z.codec(plain.refine((text) => toCellText(text) === text, 'not text as Firebreak writes it'), z.string(), { decode: (text) => text, encode: toCellText }),
  time: z.codec(plain.refine(writtenBy(Date.parse, printTime), 'no time such as 2026-11-21T12:00:00.000Z'), z.number(), { decode: Date.parse, encode: printTime }),
  maybeTime: z.codec(plain.refine(writtenBy(parseMaybeTime, printMaybe), 'no time such as 2026-11-21T12:00:00.000Z'), z.number().nullable(), { decode: parseMaybeTime, encode: printMaybe }),
  count: z.codec(plain.refine(writtenBy(Number, String), 'no whole number'), z.number().int(), { decode: Number, encode: String }),
  maybeCount: z.codec(plain.refine(writtenBy(parseAmount, printAmount), 'no whole number'), z.number().int().nullable(), { decode: parseAmount, encode: printAmount }),
  flag: z.codec(z.enum(['yes', 'no']), z.boolean(), { decode: (text) => text === 'yes', encode: (value) => (value ? 'yes' : 'no') }),
};
