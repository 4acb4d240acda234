/** In the place of what was taken out. */
export const REMOVED = '[removed]';

/**
 * Takes out what must not be in a log: the given secrets wherever they stand, private keys, passwords in addresses, values of what is called a
 * password, a token and the like, and runs of characters that only keys and signatures are made of. The rest stays as it is. Pure.
 */
export function redact(text: string, secrets: readonly string[] = []): string {
  // The longest first: one secret may begin another. Shorter ones than four characters would take words apart, and protect nothing.
  const known = secrets.filter((secret) => secret.length >= 4).toSorted((a, b) => b.length - a.length);
  const without = known.reduce((rest, secret) => rest.replaceAll(secret, REMOVED), text);
  return patterns.reduce((rest, [pattern, put]) => rest.replace(pattern, put), without);
}

const patterns: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, REMOVED],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/@"']+@/gi, `$1${REMOVED}@`],
  [/(\bauthorization\b["']?\s*[:=]\s*["']?(?:basic|bearer)\s+)[^\s"',;}]+/gi, `$1${REMOVED}`],
  [/(\b[\w-]*(?:password|passwd|passphrase|secret|token|api[-_]?key)\b["']?\s*[:=]\s*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?!\[removed\])[^\s"',;}&]+)/gi, `$1${REMOVED}`],
  [/(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{48,}={0,2}(?![A-Za-z0-9+/_-])/g, REMOVED],
];
