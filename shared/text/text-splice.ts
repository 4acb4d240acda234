/** How one text becomes another: what lies at `at` (UTF-16 units) is taken out and something put in its place. Exact in both directions. */
export type TextSplice = { readonly at: number; readonly removed: string; readonly inserted: string };

const isLowSurrogate = (text: string, index: number): boolean => {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
};

/** The shortest splice by common beginning and end. Never within a surrogate pair: half of one does not survive being stored as UTF-8. */
export function spliceBetween(before: string, after: string): TextSplice {
  const shorter = Math.min(before.length, after.length);
  let at = 0;
  while (at < shorter && before.charCodeAt(at) === after.charCodeAt(at)) at += 1;
  while (at > 0 && (isLowSurrogate(before, at) || isLowSurrogate(after, at))) at -= 1;
  let tail = 0;
  while (tail < shorter - at && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail += 1;
  while (tail > 0 && (isLowSurrogate(before, before.length - tail) || isLowSurrogate(after, after.length - tail))) tail -= 1;
  return { at, removed: before.slice(at, before.length - tail), inserted: after.slice(at, after.length - tail) };
}

/** The other way round. */
export const turnSplice = ({ at, removed, inserted }: TextSplice): TextSplice => ({ at, removed: inserted, inserted: removed });

/** The text with the splice done; null where the text does not have at that place what the splice takes out. */
export function applySplice(text: string, { at, removed, inserted }: TextSplice): string | null {
  return text.startsWith(removed, at) ? text.slice(0, at) + inserted + text.slice(at + removed.length) : null;
}
