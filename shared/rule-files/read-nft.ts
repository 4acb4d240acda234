import { createNftBook, type NftBook } from './nft-book.ts';
import { readElements } from './nft-elements.ts';
import { expandVariables } from './nft-variables.ts';
import { closingPlace, type NftToken, printTokens, tokenizeNft } from './nft-tokens.ts';
import { type RuleFile, TABLE_FAMILIES, type TableFamily } from './rule-file.ts';

/** Reads what `nft list ruleset` prints and what people write for `nft -f`. Any text has a reading; what is not understood is a blind spot. */
export function readNft(text: string): RuleFile {
  const book = createNftBook();
  const tokens = expandVariables(tokenizeNft(text), (token, reason) => book.blind.add(token.line, token.text, reason));
  const open = tokens.reduce((depth, { kind, text: mark }) => (kind === 'mark' && mark === '{' ? depth + 1 : kind === 'mark' && mark === '}' ? Math.max(0, depth - 1) : depth), 0);
  if (open > 0) book.blind.doubt(tokens.at(-1)?.line ?? 1, '', 'the file ends inside of a bracket: the rest of it is missing');
  let at = 0;
  while (at < tokens.length) {
    if (tokens[at]?.kind === 'end') at += 1;
    else at = readCommand(tokens, at, book);
  }
  return book.finish('nft');
}

/** The end of the command that begins at `from`: a line's end outside of braces. `isBlock`: it ends with its braces. nft wants a new line there; what follows without one is read all the same, not left out. */
function endOfCommand(tokens: readonly NftToken[], from: number, isBlock = false): number {
  for (let at = from; at < tokens.length; at++) {
    const { kind, text } = tokens[at] ?? { kind: 'end', text: '' };
    if (kind === 'end') return at;
    if (kind === 'mark' && text === '}') return at;
    if (kind !== 'mark' || text !== '{') continue;
    const closed = closingPlace(tokens, at);
    if (isBlock) return closed;
    at = closed - 1;
  }
  return tokens.length;
}

function readCommand(tokens: readonly NftToken[], from: number, book: NftBook): number {
  const end = endOfCommand(tokens, from, tokens[from]?.text === 'table');
  if (end === from) {
    book.blind.doubt(tokens[from]?.line ?? 1, '}', 'a bracket that nothing opened');
    return from + 1;
  }
  const command = tokens.slice(from, end);
  const verb = command[0]?.text ?? '';
  if (verb === 'table') readTable(command.slice(1), book);
  else if (verb === 'add' || verb === 'create' || verb === 'insert' || verb === 'replace') readAdd(command, book);
  else if (verb === 'flush' || verb === 'delete' || verb === 'destroy') readRemoval(command, book);
  else if (verb !== 'list' && verb !== 'reset') book.blind.doubt(command[0]?.line ?? 1, printTokens(command), verb === 'include' ? 'what it includes is another file: give that one too' : 'no command that is known');
  return end;
}

type Place = { family: TableFamily; names: string[]; rest: NftToken[] };

/** `[FAMILY] NAME…`, as many names as asked for; the family is ip where none is said. */
function readPlace(tokens: readonly NftToken[], names: number): Place | null {
  const family = TABLE_FAMILIES.find((known) => known === tokens[0]?.text);
  const from = family === undefined ? 0 : 1;
  const taken = tokens.slice(from, from + names);
  if (taken.length < names || taken.some(({ kind }) => kind !== 'word' && kind !== 'string')) return null;
  return { family: family ?? 'ip', names: taken.map(({ text }) => text), rest: tokens.slice(from + names) };
}

function readAdd(command: readonly NftToken[], book: NftBook): void {
  const what = command[1]?.text ?? '';
  const after = command.slice(2);
  const ignore = (reason: string) => book.blind.doubt(command[0]?.line ?? 1, printTokens(command), reason);
  const place = readPlace(after, 2);
  if (what === 'table') readTable(after, book);
  else if (place === null && TABLE_FAMILIES.some((family) => family === what)) addRule(command.slice(1), command, book);
  else if (place === null) ignore('no command that is known');
  else {
    const [table = '', name = ''] = place.names;
    const key = { family: place.family, table, name };
    if (what === 'rule') addRule(after, command, book);
    else if (what === 'chain') readChain(key, inBraces(place.rest), book);
    else if (what === 'set' || what === 'map') readSet({ ...key, isMap: what === 'map' }, inBraces(place.rest), book);
    else if (what === 'element') book.addElements(key, readElements(place.rest, 0));
    else if (!/^(counter|quota|limit|flowtable|synproxy|secmark|ct)$/.test(what)) addRule(command.slice(1), command, book);
  }
}

/** `add rule ip filter INPUT …`; the word “rule” may be missing. */
function addRule(after: readonly NftToken[], command: readonly NftToken[], book: NftBook): void {
  const place = readPlace(after, 2);
  const line = command[0]?.line ?? 1;
  if (place === null) {
    book.blind.doubt(line, printTokens(command), 'no command that is known');
    return;
  }
  const [table = '', name = ''] = place.names;
  const skip = /^(position|handle|index)$/.test(place.rest[0]?.text ?? '') ? 2 : 0;
  if (command[0]?.text === 'replace' || skip > 0) book.blind.doubt(line, printTokens(command), 'its place among the rules is told by a number that is not in the file: it is read as the last one');
  book.addRule({ family: place.family, table, name }, { line, tokens: place.rest.slice(skip) }, command[0]?.text === 'insert' && skip === 0);
}

const inBraces = (tokens: readonly NftToken[]): readonly NftToken[] => (tokens[0]?.text === '{' ? tokens.slice(1, closingPlace(tokens, 0) - 1) : []);

function readTable(tokens: readonly NftToken[], book: NftBook): void {
  const place = readPlace(tokens, 1);
  if (place === null) {
    book.blind.doubt(tokens[0]?.line ?? 1, printTokens(tokens), 'a table without a name');
    return;
  }
  const [table = ''] = place.names;
  const key = { family: place.family, table };
  book.table(key);
  const inside = inBraces(place.rest);
  let at = 0;
  while (at < inside.length) {
    const token = inside[at];
    const end = endOfCommand(inside, at, true);
    if (token === undefined || end === at) {
      at += 1;
      continue;
    }
    const item = inside.slice(at, end);
    const name = item[1]?.text ?? '';
    if (token.text === 'flags' && item.some(({ text }) => text === 'dormant')) book.blind.doubt(token.line, printTokens(item), 'the table is dormant: its rules are read as if it were not');
    if (token.text === 'chain') readChain({ ...key, name }, inBraces(item.slice(2)), book);
    else if (token.text === 'set' || token.text === 'map') readSet({ ...key, name, isMap: token.text === 'map' }, inBraces(item.slice(2)), book);
    else if (!/^(flags|comment|counter|quota|limit|flowtable|synproxy|secmark|ct|tunnel)$/.test(token.text)) book.blind.doubt(token.line, printTokens(item), 'nothing that is known in a table');
    at = end;
  }
}

type ChainKey = { family: TableFamily; table: string; name: string };

function readChain(key: ChainKey, inside: readonly NftToken[], book: NftBook): void {
  book.chain(key);
  let at = 0;
  while (at < inside.length) {
    const end = endOfCommand(inside, at);
    const rule = inside.slice(at, end);
    const first = rule[0];
    if (first !== undefined) {
      if (first.text === 'type' && rule.some(({ text }) => text === 'hook')) book.setHook(key, rule);
      else if (first.text === 'policy') book.setPolicy(key, rule[1]?.text === 'drop' ? 'drop' : 'accept');
      else if (!/^(comment|flags|devices)$/.test(first.text)) book.addRule(key, { line: first.line, tokens: rule }, false);
    }
    at = end === at ? at + 1 : end;
  }
}

function readSet(key: ChainKey & { isMap: boolean }, inside: readonly NftToken[], book: NftBook): void {
  const dynamicAt = inside.findIndex(({ text }, at) => text === 'dynamic' && at > 0);
  book.set(key, dynamicAt >= 0);
  const elementsAt = inside.findIndex(({ text, kind }) => kind === 'word' && text === 'elements');
  const open = elementsAt < 0 ? -1 : inside.findIndex(({ text }, at) => at > elementsAt && text === '{');
  if (open >= 0) book.addElements(key, readElements(inside, open));
}

function readRemoval(command: readonly NftToken[], book: NftBook): void {
  const [verb, what] = [command[0]?.text ?? '', command[1]?.text ?? ''];
  const place = readPlace(command.slice(2), what === 'table' ? 1 : 2);
  const tell = (reason: string) => book.blind.doubt(command[0]?.line ?? 1, printTokens(command), reason);
  if (what === 'ruleset') book.clear();
  else if (place === null) tell('no command that is known');
  else {
    const [table = '', name = ''] = place.names;
    const key = { family: place.family, table, name };
    const keepEmpty = verb === 'flush';
    if (what === 'table') book.removeTable(key, keepEmpty);
    else if (what === 'chain') book.removeChain(key, keepEmpty);
    else if (what === 'set' || what === 'map') book.removeSet(key, keepEmpty);
    else if (what === 'element' || what === 'rule') tell('what it takes away is told by a number or a set: it is read as if it stayed');
  }
}
