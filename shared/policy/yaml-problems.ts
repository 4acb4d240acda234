import type { ErrorCode, YAMLError } from 'yaml';

export const UNKNOWN_ALIAS = 'this alias (*name) names nothing: write the value out; a text that begins with * goes in quotes';

/** yaml's own words are about grammar; these say what was typed and what to type instead. A code that is missing here does not compile. */
const SENTENCES: { readonly [Code in ErrorCode]: string } = {
  ALIAS_PROPS: 'an alias (*name) stands alone: it has no tag and no anchor of its own',
  BAD_ALIAS: UNKNOWN_ALIAS,
  BAD_COLLECTION_TYPE: 'a tag (!…) does not fit here; a policy file needs none, so remove it',
  BAD_DIRECTIVE: 'a line that begins with % is an order to a YAML reader; a policy file needs none, so remove it, or put the text in quotes',
  BAD_DQ_ESCAPE: 'the backslash in double quotes begins an escape that does not exist; write \\\\ for a backslash, or use single quotes',
  BAD_INDENT: 'the indentation does not fit: keys of one entry begin in the same column, with two more spaces inside of each entry',
  BAD_PROP_ORDER: 'anchors and tags stand before what they are about; a policy file needs none, so remove them',
  BAD_SCALAR_START: 'a text cannot begin with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a second “key: value” begins inside of this value: write each on a line of its own and in the same column, or the text in quotes if the colon belongs to it',
  BLOCK_IN_FLOW: 'inside of [ ] and { } entries are separated by commas, not by lines that begin with “- ” or “key:”; close the bracket first',
  DUPLICATE_KEY: 'this key is there twice in one entry; keep one of the two',
  IMPOSSIBLE: 'this is no YAML that can be read; compare with: firebreak policy export',
  KEY_OVER_1024_CHARS: 'this key is more than 1024 characters long; is a quote or a colon missing?',
  MISSING_CHAR: 'something is missing here: a colon and a space behind the key (key: value), a comma, or the quote or bracket that ends it',
  MULTILINE_IMPLICIT_KEY: 'this text goes over several lines where a key was expected; is the colon missing, or the space behind it (key: value)?',
  MULTIPLE_ANCHORS: 'a value has one anchor (&name) at most; a policy file needs none, so remove them',
  MULTIPLE_DOCS: 'a second document begins here (---); a policy file is one document, so remove this line and what is after it',
  MULTIPLE_TAGS: 'a value has one tag (!…) at most; a policy file needs none, so remove them',
  NON_STRING_KEY: 'a key is a plain word',
  RESOURCE_EXHAUSTION: 'the file is nested too deeply to be read; a policy file has lists of entries and no lists within lists',
  TAB_AS_INDENT: 'a tab cannot indent in YAML; write spaces',
  TAG_RESOLVE_FAILED: 'this tag (!…) is not known; a policy file needs none, so remove it',
  UNEXPECTED_TOKEN: 'this does not belong here; is a quote, a comma or a closing bracket missing before it?',
};

/** Those after which the rest of the file is still read as its writer meant it. */
const HARMLESS: ReadonlySet<ErrorCode> = new Set(['DUPLICATE_KEY', 'BAD_DQ_ESCAPE', 'TAG_RESOLVE_FAILED', 'BAD_DIRECTIVE']);

export const isHarmless = (error: YAMLError): boolean => HARMLESS.has(error.code);

/** yaml has one code for several slips; its own words tell them apart. */
const CLOSER: readonly (readonly [RegExp, string])[] = [
  [/sufficiently indented and end with a \]|flow sequence to end with \]/i, 'a bracket [ is opened before this and not closed; write ] behind the last entry'],
  [/sufficiently indented and end with a \}|flow map to end with \}/i, 'a brace { is opened before this and not closed; write } behind the last key'],
  [/missing closing .quote/i, 'a quote is opened before this and not closed; write the same quote at the end of the text'],
  [/followed by map values/i, 'this key has no colon; write “key: value”'],
];

export const describeYamlError = (error: YAMLError): string => CLOSER.find(([words]) => words.test(error.message))?.[1] ?? SENTENCES[error.code];

export type BadCharacter = { readonly offset: number; readonly message: string };

/** Characters that are no text: YAML forbids them, and they would be invisible in an editor. At most one for each kind and line. */
export function findBadCharacters(text: string): BadCharacter[] {
  const found = new Map<string, BadCharacter>();
  let line = 0;
  for (const match of text.matchAll(/[\n\u0000-\u0008\u000b-\u001f\u007f\ufffd\ufffe\uffff]/g)) {
    if (match[0] === '\n') line += 1;
    else if (!found.has(`${line} ${match[0]}`)) found.set(`${line} ${match[0]}`, { offset: match.index, message: describeCharacter(match[0]) });
  }
  return [...found.values()];
}

/** What git leaves in a file when both sides changed a place; in YAML it is a riddle of missing colons. */
export function findMergeMarks(text: string): BadCharacter[] {
  return [...text.matchAll(/^(?:<<<<<<<|=======|>>>>>>>)(?= |$)/gm)].map(({ index }) => ({ offset: index, message: 'git left a conflict here; keep one of the two sides and remove the lines with <<<<<<<, ======= and >>>>>>>' }));
}

function describeCharacter(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  if (character === '\u0000') return `there is a NUL byte (${code}) here; a policy file is plain text, so remove it, or save the file as UTF-8`;
  if (character === '\ufffd') return `the character here is damaged (${code}): the file was saved in another encoding; save it as UTF-8`;
  if (character === '\r') return 'there is a carriage return alone here; end lines with a line feed, as Linux does, or with both, as Windows does';
  return `there is an invisible control character (${code}) here; remove it`;
}
