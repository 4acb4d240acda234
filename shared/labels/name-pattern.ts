/** What each `{word}` of a pattern stood for. */
export type Captures = Readonly<Record<string, string>>;

type Part = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'any' | 'one' | 'digits' } | { readonly kind: 'word'; readonly word: string };

const WILD = { '*': 'any', '?': 'one', '#': 'digits' } as const;
const isWild = (text: string): text is keyof typeof WILD => Object.hasOwn(WILD, text);

/** Reads a pattern once, to be asked about many names; null where a name does not fit. Every `{word}` and `#` takes as few characters as fit, so that `{role}#` splits web12 into web and 12. */
export function createNameMatcher(pattern: string): (name: string) => Captures | null {
  const parts = readParts(pattern, /\{[a-z0-9_]+\}|[*?#]|[^{}*?#]+/g);
  return (name) => {
    const ends = fit(parts, name);
    if (ends === null) return null;
    const found = parts.flatMap((part, i): [string, string][] => (part.kind === 'word' ? [[part.word, name.slice(i === 0 ? 0 : ends[i - 1], ends[i])]] : []));
    return Object.fromEntries(found);
  };
}

/** The same for the text of a fact, without regard to case; only `*` and `?` mean something. */
export function createGlob(glob: string): (text: string) => boolean {
  const parts = readParts(glob.toLowerCase(), /[*?]|[^*?]+/g);
  return (text) => fit(parts, text.toLowerCase()) !== null;
}

/** The words that a pattern finds, in order; one that is written twice is there twice. */
export const listWords = (text: string): string[] => [...text.matchAll(/\{([a-z0-9_]+)\}/g)].map((match) => match[1] ?? '');

/** The text with each `{word}` replaced. Words that nothing was found for stay as they are. */
export const fillWords = (text: string, captures: Captures): string => text.replaceAll(/\{([a-z0-9_]+)\}/g, (whole, word: string) => (Object.hasOwn(captures, word) ? (captures[word] ?? whole) : whole));

const readParts = (pattern: string, pieces: RegExp): Part[] =>
  [...pattern.matchAll(pieces)].map(([text]): Part => {
    if (isWild(text)) return { kind: WILD[text] };
    return text.startsWith('{') ? { kind: 'word', word: text.slice(1, -1) } : { kind: 'text', text };
  });

/**
 * Where each part ends, or null. Remembers where it failed, so that many `*` cost their product with the length and no more: hosts choose the text. What a `*` could
 * not do from one place it cannot do from any later one.
 */
function fit(parts: readonly Part[], text: string): number[] | null {
  const [first, last] = [parts[0], parts.at(-1)];
  // Most names of a fleet fail here.
  if ((first?.kind === 'text' && !text.startsWith(first.text)) || (last?.kind === 'text' && !text.endsWith(last.text))) return null;
  const failed = new Set<number>();
  const starFailedAt = new Map<number, number>();
  const ends: number[] = [];
  const from = (index: number, at: number): boolean => {
    const part = parts[index];
    if (part === undefined) return at === text.length;
    const place = index * (text.length + 1) + at;
    if (failed.has(place) || at >= (starFailedAt.get(index) ?? Number.POSITIVE_INFINITY)) return false;
    const least = leastLength(part);
    for (let length = part.kind === 'text' ? least : 0; at + length <= text.length; length += 1) {
      if (!mayTake(part, text, at, length)) break;
      ends[index] = at + length;
      if (length >= least && from(index + 1, at + length)) return true;
      if (part.kind === 'text') break;
    }
    if (part.kind === 'any') starFailedAt.set(index, at);
    else if (part.kind !== 'text') failed.add(place);
    return false;
  };
  return from(0, 0) ? ends : null;
}

const leastLength = (part: Part): number => (part.kind === 'text' ? part.text.length : part.kind === 'any' ? 0 : 1);

/** Whether the part may reach to `length` characters from `at`, when it may reach to one less. */
function mayTake(part: Part, text: string, at: number, length: number): boolean {
  if (part.kind === 'text') return text.startsWith(part.text, at);
  if (length === 0 || part.kind === 'any') return true;
  if (part.kind === 'one') return length === 1;
  const code = text.charCodeAt(at + length - 1);
  const isDigit = code >= 48 && code <= 57;
  return isDigit || (part.kind === 'word' && ((code >= 65 && code <= 90) || (code >= 97 && code <= 122)));
}
