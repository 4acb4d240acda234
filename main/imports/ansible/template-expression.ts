import { contains, isList, isTruthy, memberOf, printValue, type TemplateValue } from './template-value.ts';

/** What the expression uses that is not modelled; whoever evaluates says so instead of guessing. */
export class TemplateProblem extends Error {}

type Tokens = { readonly list: readonly string[]; at: number };
export type Scope = (name: string) => TemplateValue;

const TOKEN = /\s+|"[^"]*"|'[^']*'|\d+|[A-Za-z_]\w*|==|!=|<=|>=|[()[\]{},.+|~<>-]/gy;
const MAX_TOKENS = 500;

/** The part of Jinja's expressions that inventories use: names, members, calls of startswith and endswith, lists, `+`, `~`, `==`, `in`, `is defined`, `not`, `and`, `or`. @throws TemplateProblem for anything else */
export function evaluate(text: string, scope: Scope): TemplateValue {
  const list: string[] = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    end = match.index + match[0].length;
    if (match[0].trim() !== '') list.push(match[0]);
  }
  if (end < text.length || list.length > MAX_TOKENS) throw new TemplateProblem(`“${text.trim()}” is not understood`);
  const tokens: Tokens = { list, at: 0 };
  const value = readOr(tokens, scope);
  if (tokens.at < list.length) throw new TemplateProblem(`“${text.trim()}” is not understood from “${list[tokens.at] ?? ''}” on`);
  return value;
}

const peek = ({ list, at }: Tokens): string => list[at] ?? '';
const take = (tokens: Tokens, text: string): boolean => {
  if (peek(tokens) !== text) return false;
  tokens.at += 1;
  return true;
};
function expect(tokens: Tokens, text: string): void {
  if (!take(tokens, text)) throw new TemplateProblem(`“${text}” is missing before “${peek(tokens)}”`);
}

function readOr(tokens: Tokens, scope: Scope): TemplateValue {
  let value = readAnd(tokens, scope);
  while (take(tokens, 'or')) {
    const right = readAnd(tokens, scope);
    value = isTruthy(value) ? value : right;
  }
  return value;
}

function readAnd(tokens: Tokens, scope: Scope): TemplateValue {
  let value = readNot(tokens, scope);
  while (take(tokens, 'and')) {
    const right = readNot(tokens, scope);
    value = isTruthy(value) ? right : value;
  }
  return value;
}

const readNot = (tokens: Tokens, scope: Scope): TemplateValue => (take(tokens, 'not') ? !isTruthy(readNot(tokens, scope)) : readComparison(tokens, scope));

function readComparison(tokens: Tokens, scope: Scope): TemplateValue {
  const left = readSum(tokens, scope);
  if (take(tokens, '==')) return left === readSum(tokens, scope);
  if (take(tokens, '!=')) return left !== readSum(tokens, scope);
  if (take(tokens, 'in')) return isIn(left, readSum(tokens, scope), tokens);
  if (peek(tokens) === 'not' && tokens.list[tokens.at + 1] === 'in') {
    tokens.at += 2;
    return !isIn(left, readSum(tokens, scope), tokens);
  }
  if (!take(tokens, 'is')) return left;
  const not = take(tokens, 'not');
  if (take(tokens, 'defined')) return (left !== undefined) !== not;
  throw new TemplateProblem(`“is ${peek(tokens)}” is not modelled`);
}

/** What is not known is in nothing only by accident. */
function isIn(item: TemplateValue, container: TemplateValue, { list }: Tokens): boolean {
  if (item === undefined || container === undefined) throw new TemplateProblem(`the files do not say what one side of “${list.join(' ').slice(0, 100)}” is`);
  return contains(container, item);
}

function readSum(tokens: Tokens, scope: Scope): TemplateValue {
  let value = readMember(tokens, scope);
  for (;;) {
    if (take(tokens, '+')) {
      const right = readMember(tokens, scope);
      value = isList(value) && isList(right) ? [...value, ...right] : typeof value === 'number' && typeof right === 'number' ? value + right : `${printValue(value)}${printValue(right)}`;
    } else if (take(tokens, '~')) value = `${printValue(value)}${printValue(readMember(tokens, scope))}`;
    else return value;
  }
}

function readMember(tokens: Tokens, scope: Scope): TemplateValue {
  let value = readAtom(tokens, scope);
  for (;;) {
    if (take(tokens, '[')) {
      value = memberOf(value, readOr(tokens, scope));
      expect(tokens, ']');
    } else if (take(tokens, '.')) {
      const name = peek(tokens);
      tokens.at += 1;
      value = peek(tokens) === '(' ? callMethod(name, value, readList(tokens, scope)) : memberOf(value, name);
    } else if (peek(tokens) === '|') throw new TemplateProblem('filters are not modelled');
    else return value;
  }
}

function callMethod(name: string, value: TemplateValue, [argument]: readonly TemplateValue[]): TemplateValue {
  const parts = isList(argument) ? argument : [argument];
  const text = printValue(value);
  if (name === 'startswith') return parts.some((part) => text.startsWith(printValue(part)));
  if (name === 'endswith') return parts.some((part) => text.endsWith(printValue(part)));
  throw new TemplateProblem(`“.${name}()” is not modelled`);
}

/** `(a, b)` or `[a, b]`, from the bracket on. */
function readList(tokens: Tokens, scope: Scope): TemplateValue[] {
  const close = take(tokens, '(') ? ')' : take(tokens, '[') ? ']' : '';
  const values: TemplateValue[] = [];
  while (close !== '' && !take(tokens, close)) {
    values.push(readOr(tokens, scope));
    if (!take(tokens, ',') && peek(tokens) !== close) throw new TemplateProblem(`“${close}” is missing`);
  }
  return values;
}

function readAtom(tokens: Tokens, scope: Scope): TemplateValue {
  const token = peek(tokens);
  if (token === '[') return readList(tokens, scope);
  if (token === '(') {
    const values = readList(tokens, scope);
    // One value in brackets is that value, unless a comma makes it a tuple.
    return values.length === 1 && tokens.list[tokens.at - 2] !== ',' ? values[0] : values;
  }
  tokens.at += 1;
  if (/^["']/.test(token)) return token.slice(1, -1);
  if (/^\d+$/.test(token)) return Number(token);
  if (token === 'true' || token === 'True') return true;
  if (token === 'false' || token === 'False') return false;
  if (token === 'none' || token === 'None') return null;
  if (/^[A-Za-z_]/.test(token)) return scope(token);
  throw new TemplateProblem(token === '' ? 'an expression ends too early' : `“${token}” is not understood`);
}
