import { LabelValue, SelectorKey } from '../model/label.ts';
import { findPostureFact, isPostureKey, listPostureValues, POSTURE_FACTS, POSTURE_PREFIX } from '../model/posture.ts';
import type { Selector, SelectorSet, SelectorTerm } from '../model/selector.ts';
import type { Issue } from '../errors.ts';
import { collectParsed, failed, failedWith, type Parsed, parsed, type Piece, splitPieces, trimPiece } from './parsed.ts';

const EXAMPLE = 'write for instance role=web|api,env=prod';

/**
 * Reads `app=shop,role=web|api + app=crm ! env=dev`: terms are ANDed by `,`, values ORed by `|`, selectors ORed by `+`,
 * and each exclusion follows a `!` of its own at the end. `key!=value` is a term, not an exclusion.
 */
export function parseSelectorSet(text: string): Parsed<SelectorSet> {
  return parseSelectorPiece({ text, offset: 0 });
}

/** The same for a part of a longer text: columns count in the whole. */
export function parseSelectorPiece(piece: Piece): Parsed<SelectorSet> {
  if (piece.text.trim() === '') return failed(`a selector is missing; ${EXAMPLE}`, piece.offset + 1);
  const [includes = { text: '', offset: piece.offset }, ...excludes] = splitExclusions(piece);
  const include = collectParsed(splitPieces(includes, '+').map(parseSelector));
  const exclude = collectParsed(excludes.map(parseExclusion));
  if (include.ok && exclude.ok) return parsed({ include: include.value, exclude: exclude.value });
  return failedWith([...(include.ok ? [] : include.issues), ...(exclude.ok ? [] : exclude.issues)]);
}

/** Reads back as the same set. */
export const printSelectorSet = (set: SelectorSet): string =>
  [set.include.map(printSelector).join(' + '), ...set.exclude.map((selector) => `! ${printSelector(selector)}`)].join(' ');

const printSelector = (selector: Selector): string => selector.terms.map((term) => `${term.key}${term.op}${term.values.join('|')}`).join(',');

/** At every `!` that is not the first character of `!=`. */
function splitExclusions(piece: Piece): Piece[] {
  const pieces: Piece[] = [];
  let start = 0;
  for (const match of piece.text.matchAll(/!(?!=)/g)) {
    pieces.push(trimPiece({ text: piece.text.slice(start, match.index), offset: piece.offset + start }));
    start = match.index + 1;
  }
  pieces.push(trimPiece({ text: piece.text.slice(start), offset: piece.offset + start }));
  return pieces;
}

function parseExclusion(piece: Piece): Parsed<Selector> {
  const plus = piece.text.indexOf('+');
  if (plus >= 0) return failed('exclusions come last, each with its own “!”: app=shop + app=crm ! env=dev ! role=db', piece.offset + plus + 1);
  return parseSelector(piece);
}

function parseSelector(piece: Piece): Parsed<Selector> {
  if (piece.text === '') return failed(`a selector is missing here; ${EXAMPLE}`, piece.offset + 1);
  const terms = collectParsed(splitPieces(piece, ',').map(parseTerm));
  return terms.ok ? parsed({ terms: terms.value }) : terms;
}

function parseTerm(piece: Piece): Parsed<SelectorTerm> {
  const column = piece.offset + 1;
  const match = /^([^=!\s]*)\s*(!=|=)/.exec(piece.text);
  if (!match)
    return failed(piece.text === '' ? `a condition is missing here; ${EXAMPLE}` : `“${piece.text}” is not a condition like key=value; ${EXAMPLE}`, column);
  const key = SelectorKey.safeParse(match[1]);
  const rest = trimPiece({ text: piece.text.slice(match[0].length), offset: piece.offset + match[0].length });
  const values = collectParsed(splitPieces(rest, '|').map((value) => parseValue(value, match[1] ?? '')));
  const aboutKey = key.success ? aboutPostureKey(key.data, column) : failed(`“${match[1]}”: ${key.error.issues[0]?.message ?? 'not a label key'}`, column).issues;
  if (key.success && values.ok && aboutKey.length === 0) return parsed({ key: key.data, op: match[2] === '=' ? '=' : '!=', values: values.value });
  return failedWith([...aboutKey, ...(values.ok ? [] : values.issues)]);
}

/** What hosts do not report, nobody can have: a rule for it would say something and do nothing. */
function aboutPostureKey(key: string, column: number): readonly Issue[] {
  if (!isPostureKey(key) || findPostureFact(key) !== undefined) return [];
  return failed(`“${key}” is nothing that hosts report; these are: ${POSTURE_FACTS.map((fact) => POSTURE_PREFIX + fact).join(', ')}`, column).issues;
}

function parseValue(piece: Piece, key: string): Parsed<string> {
  if (piece.text === '') return failed('a value is missing here; a label value is never empty', piece.offset + 1);
  const fact = findPostureFact(key);
  if (fact !== undefined && !listPostureValues(fact).includes(piece.text)) return failed(`“${piece.text}” is no value of ${key}; it is ${listPostureValues(fact).join(', ')}`, piece.offset + 1);
  const value = LabelValue.safeParse(piece.text);
  return value.success ? parsed(value.data) : failed(`“${piece.text}”: ${value.error.issues[0]?.message ?? 'not a label value'}`, piece.offset + 1);
}
