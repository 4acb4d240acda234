/** As Python's shlex.split with comments: both quotes, `\` outside single ones, `#` at the start of a word ends the line. Null where a quote stays open. Linear. */
export function splitShellWords(text: string): string[] | null {
  const words: string[] = [];
  let [word, quote] = ['', ''];
  let isOpen = false;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';
    if (quote === "'" ? char === "'" : quote === '"' && char === '"') quote = '';
    else if (quote === "'") word += char;
    else if (char === '\\' && (quote === '' || next === '"' || next === '\\')) {
      word += next;
      isOpen = true;
      at += 1;
    } else if (quote !== '') word += char;
    else if (char === '"' || char === "'") [quote, isOpen] = [char, true];
    else if (/\s/.test(char)) {
      if (isOpen) words.push(word);
      [word, isOpen] = ['', false];
    } else if (char === '#' && !isOpen) break;
    else {
      word += char;
      isOpen = true;
    }
  }
  if (isOpen) words.push(word);
  return quote === '' ? words : null;
}
