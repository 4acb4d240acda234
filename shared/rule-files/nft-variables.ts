import { closingPlace, type NftToken } from './nft-tokens.ts';

/** Variables that name variables could grow without end; no file that somebody wrote puts in more. */
const MAX_PUT_IN = 400_000;

/** Takes `define NAME = …` out and puts what it says for each `$NAME`. A name that nothing defined stays as it is, and is told. */
export function expandVariables(tokens: readonly NftToken[], tell: (token: NftToken, reason: string) => void): NftToken[] {
  const values = new Map<string, readonly NftToken[]>();
  const expanded: NftToken[] = [];
  let putIn = 0;
  const put = (into: NftToken[], token: NftToken): void => {
    const value = token.kind === 'word' && token.text.startsWith('$') ? values.get(token.text.slice(1)) : undefined;
    if (token.kind === 'word' && token.text.startsWith('$') && value === undefined) tell(token, `the file does not say what ${token.text} is`);
    putIn += value?.length ?? 0;
    if (value !== undefined && putIn > MAX_PUT_IN) tell(token, 'the variables of the file stand for more than is read: from here on they are left as they are');
    if (value === undefined || putIn > MAX_PUT_IN) into.push(token);
    else for (const part of value) into.push({ ...part, line: token.line });
  };
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token === undefined) break;
    const isDefinition = token.kind === 'word' && /^(define|redefine)$/.test(token.text) && tokens[at + 2]?.text === '=';
    if (!isDefinition) {
      put(expanded, token);
      continue;
    }
    const end = endOfValue(tokens, at + 3);
    const value: NftToken[] = [];
    for (const part of tokens.slice(at + 3, end)) put(value, part);
    values.set(tokens[at + 1]?.text ?? '', value);
    at = end;
  }
  return expanded;
}

function endOfValue(tokens: readonly NftToken[], from: number): number {
  for (let at = from; at < tokens.length; at++) {
    if (tokens[at]?.kind === 'end') return at;
    if (tokens[at]?.kind === 'mark' && tokens[at]?.text === '{') at = closingPlace(tokens, at) - 1;
  }
  return tokens.length;
}
