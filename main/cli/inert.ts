/**
 * Makes text that came from a host or a file harmless on a terminal: C0/C1 controls (ANSI and OSC sequences begin with one),
 * line separators and bidirectional overrides are shown as `\x1b`-like escapes. Tabs and newlines become escapes too, so that a cell stays a cell.
 */
export function inert(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
