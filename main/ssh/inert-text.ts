const MAX_LENGTH = 300;

/** What a host said, as one line fit for an error payload: control, escape and direction characters out, 300 characters at most. */
export function inertText(text: string): string {
  // Cc and Cf are control and format characters (ANSI escapes, BIDI overrides, zero widths); Zl and Zp are line breaks too.
  const oneLine = text.slice(0, 4 * MAX_LENGTH).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return oneLine.length > MAX_LENGTH ? `${oneLine.slice(0, MAX_LENGTH)}…` : oneLine;
}

/** The message of anything thrown, inert. */
export function errorDetail(error: unknown): string {
  return inertText(error instanceof Error ? error.message : String(error));
}
