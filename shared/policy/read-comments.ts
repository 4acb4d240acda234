import { CST, type Document, isCollection, Lexer, type Node, type ParsedNode } from 'yaml';
import type { Policy } from '../model/policy.ts';
import { type Comment, listPlaces, type Place, type PolicyComments, WHOLE_FILE } from './policy-comments.ts';

/** Where something is in the source: its line (from 0), the indentation of that line, and for what has others inside the column at which those begin. */
type Located = { readonly place: Place; readonly offset: number; readonly line: number; readonly indent: number; readonly flow: Flow | null };
/** The outermost `[…]` or `{…}` around something: behind its end, a comment is about the whole. */
type Flow = { readonly place: Place; readonly end: number };
type Found = { readonly line: number; readonly column: number; readonly offset: number; readonly text: string; readonly isBehind: boolean };
type Draft = { space: boolean; before: string[]; after: string[]; end: string[]; firstLine: number; lastLine: number };

/**
 * The comments of a file that holds this policy, object by object in the same order. yaml's own attribution loses the indentation, by which people say what a
 * comment is about, so comments are taken from the tokens: one behind something is about that; one on a line of its own is about the next thing, unless it is
 * indented like what ended above it.
 */
export function readComments(source: string, document: Document.Parsed<ParsedNode>, policy: Policy): PolicyComments {
  const lines = source.split('\n');
  const located = locate([...listPlaces(document.contents, policy)], source);
  const childColumns = findChildColumns(located);
  const drafts = new Map<string, Draft>();
  const at = (address: string): Draft => {
    const known = drafts.get(address) ?? { space: false, before: [], after: [], end: [], firstLine: -1, lastLine: -1 };
    drafts.set(address, known);
    return known;
  };
  const isBlank = (line: number) => (lines[line] ?? '').trim() === '' && line >= 0 && line < lines.length;
  const push = (draft: Draft, slot: 'before' | 'end', { line, text }: Found) => {
    if (draft[slot].length > 0 && draft.lastLine < line - 1 && isBlank(line - 1)) draft[slot].push('');
    if (draft.before.length === 0) draft.firstLine = line;
    draft[slot].push(text);
    draft.lastLine = line;
  };
  let next = 0;
  for (const comment of findComments(source)) {
    while (next < located.length && (located[next]?.offset ?? 0) <= comment.offset) next += 1;
    const [former, following] = [located[next - 1], located[next]];
    if (comment.isBehind && former !== undefined) attachBehind(at, former, comment);
    else {
      const closed = former === undefined ? null : findClosed(former, following, comment.column, childColumns);
      if (closed !== null) push(at(closed), 'end', comment);
      else push(at(following?.place.beforeAddress ?? WHOLE_FILE), following === undefined ? 'end' : 'before', comment);
    }
  }
  for (const { place, line } of located) addSpace(at(place.beforeAddress), place, line, isBlank);
  return toComments(drafts);
}

function attachBehind(at: (address: string) => Draft, former: Located, comment: Found): void {
  const place = former.flow !== null && former.flow.end <= comment.offset ? former.flow.place : former.place;
  const isInline = place.kind !== 'object' && !(isCollection(place.value) && place.value.flow !== true);
  if (isInline) at(place.address).after.push(comment.text);
  // What has its lines below in an export cannot keep a comment behind its first one.
  else at(place.beforeAddress).before.push(comment.text);
}

/** The innermost list or object that ends between the two and in which something of that indentation would lie. */
function findClosed(former: Located, following: Located | undefined, column: number, childColumns: ReadonlyMap<string, number>): string | null {
  const open = new Set(following === undefined ? [WHOLE_FILE] : [...following.place.parents, following.place.address]);
  const around = [...former.place.parents, former.place.address].filter((address) => !open.has(address));
  return around.findLast((address) => column > 0 && (childColumns.get(address) ?? Number.POSITIVE_INFINITY) <= column) ?? null;
}

function addSpace(draft: Draft, place: Place, line: number, isBlank: (line: number) => boolean): void {
  if (place.kind === 'entry' || place.beforeAddress !== place.address) return;
  if (draft.before.length > 0 && isBlank(line - 1)) draft.before.push('');
  if (!place.isFirst && isBlank((draft.before.length > 0 ? draft.firstLine : line) - 1)) draft.space = true;
}

function locate(places: readonly Place[], source: string): Located[] {
  const starts = [0, ...[...source.matchAll(/\n/g)].map(({ index }) => index + 1)];
  let line = 0;
  const flows = new Map<string, Flow>();
  return places.map((place) => {
    const offset = place.node.range?.[0] ?? 0;
    while ((starts[line + 1] ?? Number.POSITIVE_INFINITY) <= offset) line += 1;
    const outer = [...place.parents].map((address) => flows.get(address)).find((flow) => flow !== undefined);
    const flow = outer ?? (isFlow(place.value) ? { place, end: place.value.range?.[1] ?? 0 } : null);
    if (flow !== null) flows.set(place.address, flow);
    const text = source.slice(starts[line], offset);
    return { place, offset, line, indent: text.length - text.trimStart().length, flow };
  });
}

const isFlow = (node: Node | null): node is Node & { flow: true } => isCollection(node) && node.flow === true;

/** At which column the things inside of each list and object begin; what is in brackets has an end of its own. */
function findChildColumns(located: readonly Located[]): Map<string, number> {
  const columns = new Map<string, number>();
  for (const { place, indent, flow } of located) {
    const parent = place.parents.at(-1) ?? WHOLE_FILE;
    if (flow !== null && flow.place !== place) continue;
    // The first key of an object stands behind its dash.
    const column = place.kind === 'key' && place.isFirst && place.parents.length > 1 ? indent + 2 : indent;
    if (!columns.has(parent)) columns.set(parent, column);
  }
  return columns;
}

/** Every comment of the source, in order. The lexer's marks have no width (https://eemeli.org/yaml/#lexer). */
function* findComments(source: string): Generator<Found> {
  let offset = 0;
  let line = 0;
  let lineStart = 0;
  for (const token of new Lexer().lex(source)) {
    if (['\u0002', '\u0018', '\u001f'].includes(token)) continue;
    if (CST.tokenType(token) === 'comment') {
      const isBehind = source.slice(lineStart, offset).trim() !== '';
      yield { line, column: offset - lineStart, offset, text: clean(token.slice(1)), isBehind };
    }
    for (let i = token.indexOf('\n'); i >= 0; i = token.indexOf('\n', i + 1)) {
      line += 1;
      lineStart = offset + i + 1;
    }
    offset += token.length;
  }
}

/** yaml prints line by line as JavaScript counts lines, and reads as YAML does: these would grow another “#” in each round. Nothing at all is written as `#` and read as one space. */
const clean = (text: string): string => text.replaceAll(/[\r\u2028\u2029]/g, ' ').trimEnd() || ' ';

function toComments(drafts: ReadonlyMap<string, Draft>): PolicyComments {
  const entries = [...drafts].map(([address, { space, before, after, end }]): [string, Comment] => [
    address,
    { ...(space ? { space } : {}), ...(before.length > 0 ? { before } : {}), ...(after.length > 0 ? { after: after.join(' #') } : {}), ...(end.length > 0 ? { end } : {}) },
  ]);
  return Object.fromEntries(entries.filter(([, comment]) => Object.keys(comment).length > 0));
}
