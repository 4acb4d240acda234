/**
 * Makes text that came from a host or a file harmless on a terminal: C0/C1 controls (ANSI and OSC sequences begin with one),
 * line separators and bidirectional overrides are shown as `\x1b`-like escapes. Tabs and newlines become escapes too, so that a cell stays a cell.
 */
export function inert(text: string): string {
  return text.replace(UNSAFE, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** The same for text of several lines that we laid out ourselves: its newlines and tabs stay. */
export function inertLines(text: string): string {
  return text.split(/(?<=[\n\t])/).map((part) => (/[\n\t]$/.test(part) ? inert(part.slice(0, -1)) + part.slice(-1) : inert(part))).join('');
}

/** JSON that a terminal takes as plain text and a program reads as the same values: only strings can hold such characters. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(UNSAFE, (char) => (char === '\n' ? char : `\\u${(char.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`));
}
