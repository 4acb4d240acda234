import { createNftBook, type NftBook } from './nft-book.ts';
import type { NftElement, NftSet } from './nft-elements.ts';
import { readJsonRule } from './read-json-rule.ts';
import { isObject, type JsonObject, readJsonElement, textOf } from './read-json-value.ts';
import { type RuleFile, TABLE_FAMILIES, type TableFamily } from './rule-file.ts';

/** Reads what `nft -j list ruleset` prints (libnftables-json(5)). `line` is the place in its list, from 1. Null for what is no such document. */
export function readNftJson(text: string): RuleFile | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null;
  }
  const list = isObject(document) ? document.nftables : null;
  if (!Array.isArray(list)) return null;
  const book = createNftBook();
  const items: unknown[] = list;
  for (const [place, item] of items.entries()) readItem(item, place + 1, book);
  return book.finish('nft-json');
}

type Key = { family: TableFamily; table: string; name: string };

function keyOf(body: JsonObject, name: string): Key | null {
  const family = TABLE_FAMILIES.find((known) => known === body.family);
  return family === undefined || typeof body.table !== 'string' || typeof body[name] !== 'string' ? null : { family, table: body.table, name: body[name] };
}

function readItem(item: unknown, line: number, book: NftBook): void {
  const [kind = '', body] = isObject(item) ? (Object.entries(item)[0] ?? []) : [];
  if (kind === 'metainfo' || !isObject(body) || /^(table|counter|quota|limit|ct helper|ct timeout|ct expectation|flowtable|synproxy|secmark)$/.test(kind)) return;
  const key = keyOf(body, kind === 'rule' ? 'chain' : 'name');
  if (key !== null && kind === 'chain') readChain(key, body, book);
  else if (key !== null && (kind === 'set' || kind === 'map')) readSet(key, kind === 'map', body, book);
  else if (key !== null && kind === 'element') book.addElements(key, elementsOf(body.elem));
  else if (key !== null && kind === 'rule') {
    const expressions: readonly unknown[] = Array.isArray(body.expr) ? body.expr : [];
    book.addRule(key, { line, text: textOf(expressions), read: (findSet: (name: string) => NftSet | undefined) => readJsonRule(expressions, findSet) }, false);
  } else book.blind.doubt(line, textOf(item), 'nothing that is known in a listing of nft');
}

function readChain(key: Key, body: JsonObject, book: NftBook): void {
  book.chain(key);
  if (typeof body.hook !== 'string') return;
  book.hook(key, { hook: body.hook, type: typeof body.type === 'string' ? body.type : 'filter', priority: typeof body.prio === 'number' ? body.prio : 0 });
  book.setPolicy(key, body.policy === 'drop' ? 'drop' : 'accept');
}

function readSet(key: Key, isMap: boolean, body: JsonObject, book: NftBook): void {
  const flags: readonly unknown[] = Array.isArray(body.flags) ? body.flags : [body.flags];
  book.set({ ...key, isMap }, flags.includes('dynamic'));
  const elements = elementsOf(body.elem);
  if (elements.length > 0) book.addElements(key, elements);
}

const elementsOf = (list: unknown): NftElement[] => (Array.isArray(list) ? list.map(readJsonElement) : []);
