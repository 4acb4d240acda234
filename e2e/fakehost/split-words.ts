/**
 * The words that a POSIX shell makes of a simple command: quotes, backslashes, and `$NAME` inside double quotes.
 * Enough for what `quoteCommand` prints; anything else in it (pipes, redirections) comes out as ordinary characters.
 */
export function splitWords(command: string, variables: Readonly<Record<string, string>>): string[] {
  const words: string[] = [];
  const token = /\s+|'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)|([^\s'"\\]+)/gsy;
  let word: string | null = null;
  for (const [whole, single, double, escaped, plain] of command.matchAll(token)) {
    const piece = single ?? (double === undefined ? (escaped ?? plain) : expand(double, variables));
    if (piece !== undefined) {
      word = (word ?? '') + piece;
    } else if (whole !== '' && word !== null) {
      words.push(word);
      word = null;
    }
  }
  return word === null ? words : [...words, word];
}

const expand = (text: string, variables: Readonly<Record<string, string>>) =>
  text.replace(/\$([A-Za-z_][A-Za-z0-9_]*)|\\([$`"\\])/g, (_whole, name?: string, escaped?: string) => (name === undefined ? (escaped ?? '') : (variables[name] ?? '')));
