/** `kind` end: a line's end or a semicolon. `line` from 1. */
export type NftToken = { readonly kind: 'word' | 'string' | 'mark' | 'end'; readonly text: string; readonly line: number };

const TOKEN = /[ \t\r\f\v]+|\\\r?\n|#[^\n]*|\n|;|"[^"\n]*"?|[{}(),|&]|[!=<>]=|<<|>>|[=<>!^]|[^\s{}(),|&!=<>^;"#\\]+|\\/gy;

/** What nft's own scanner would see (nftables src/scanner.l); every text has tokens. Linear. */
export function tokenizeNft(text: string): NftToken[] {
  const tokens: NftToken[] = [];
  let line = 1;
  for (const [whole] of text.matchAll(TOKEN)) {
    const first = whole[0] ?? '';
    if (first === '\n' || first === ';') tokens.push({ kind: 'end', text: first, line });
    else if (first === '"') tokens.push({ kind: 'string', text: whole.slice(1, whole.endsWith('"') && whole.length > 1 ? -1 : undefined), line });
    else if (/[{}(),|&!=<>^]/.test(first)) tokens.push({ kind: 'mark', text: whole, line });
    else if (!/[\s#\\]/.test(first)) tokens.push({ kind: 'word', text: whole, line });
    for (const char of whole) if (char === '\n') line += 1;
  }
  return tokens;
}

/** Place behind the bracket that closes the one at `from`, or the end. */
export function closingPlace(tokens: readonly NftToken[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'end', text: '' };
    if (kind !== 'mark') continue;
    if (text === '{' || text === '(') depth += 1;
    else if (text === '}' || text === ')') depth -= 1;
    if (depth <= 0) return at + 1;
  }
  return tokens.length;
}

/** Source text of tokens, for people: spaces where there were any are one. */
export const printTokens = (tokens: readonly NftToken[]): string => tokens.slice(0, 80).map(({ kind, text }) => (kind === 'string' ? `"${text}"` : kind === 'end' ? ' ' : text)).join(' ');
