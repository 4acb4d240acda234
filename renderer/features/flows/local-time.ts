const two = (n: number): string => String(n).padStart(2, '0');

/** `2026-11-21T13:05` in the zone of this machine, as an input of type datetime-local has it; '' for none. */
export function localInputText(atMs: number | undefined): string {
  if (atMs === undefined) return '';
  const at = new Date(atMs);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** Epoch ms of such a text; undefined while it is not whole. */
export function readLocalInput(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return undefined;
  // Without an offset ECMAScript reads a date with a time as local (https://tc39.es/ecma262/#sec-date-time-string-format).
  const atMs = Date.parse(text);
  return Number.isNaN(atMs) || atMs < 0 ? undefined : atMs;
}
