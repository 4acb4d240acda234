/** A line of a configuration: `rest` as it was written behind the keyword, `words` as OpenSSH's argv_split makes them of it. */
export type ConfigLine = { readonly keyword: string; readonly rest: string; readonly words: readonly string[]; readonly file: string; readonly line: number };

const KEYWORD = /^[ \t\r\f]*(?:"([^"]*)"|([^ \t\r"=]+))[ \t\r]*=?[ \t\r]*/;

/** Null for an empty line, a comment, and what has no argument or an open quote, on which ssh itself gives up. Keywords in lower case. */
export function splitLine(text: string, file: string, line: number): ConfigLine | null {
  const match = KEYWORD.exec(text);
  const keyword = (match?.[1] ?? match?.[2] ?? '').toLowerCase();
  if (match === null || keyword === '' || keyword.startsWith('#')) return null;
  const rest = text.slice(match[0].length).replace(/[ \t\r\f]+$/, '');
  const words = splitWords(rest);
  return words === null || rest === '' ? null : { keyword, rest, words, file, line };
}

/** As argv_split of OpenSSH (misc.c): both quotes, `\` before a quote, itself or a blank, and `#` at the start of a word ends the line. Null where a quote stays open. */
export function splitWords(text: string): string[] | null {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === ' ' || text[at] === '\t') {
      at += 1;
      continue;
    }
    if (text[at] === '#') break;
    const word = readWord(text, at);
    if (word === null) return null;
    words.push(word.text);
    at = word.end;
  }
  return words;
}

function readWord(text: string, from: number): { text: string; end: number } | null {
  let [at, quote] = [from, ''];
  const parts: string[] = [];
  for (; at < text.length; at += 1) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (char === '\\' && (next === "'" || next === '"' || next === '\\' || (quote === '' && next === ' '))) {
      parts.push(next);
      at += 1;
    } else if (quote === '' && (char === ' ' || char === '\t')) break;
    else if (quote === '' && (char === '"' || char === "'")) quote = char;
    else if (char === quote) quote = '';
    else parts.push(char);
  }
  return quote === '' ? { text: parts.join(''), end: at } : null;
}

/** Words of a `Match` line, which ssh reads by strdelim: only double quotes, and one `=` between a criterion and its list. */
export function splitCriteria(text: string): string[] {
  const words: string[] = [];
  for (const match of text.matchAll(/"([^"]*)"?|([^ \t"=]+)/g)) {
    const word = match[1] ?? match[2] ?? '';
    if (match[1] === undefined && word.startsWith('#')) break;
    words.push(word);
  }
  return words;
}
