/** Whether the whole text is what a pattern of OpenSSH says (`*` any run, `?` one character; ssh_config(5), PATTERNS). Linear steps back only to the last star, so that no pattern takes exponential time. */
export function matchesPattern(text: string, pattern: string): boolean {
  let [at, place, star, resume] = [0, 0, -1, 0];
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place;
      place += 1;
      resume = at;
    } else if (place < pattern.length && (pattern[place] === '?' || pattern[place] === text[at])) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      place = star + 1;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
}

/** A list with commas, as `Match` takes it: what a negated pattern matches is not in the list, wherever that pattern stands. */
export function matchesList(text: string, list: string): boolean {
  let isIn = false;
  for (const part of list.split(',')) {
    if (!matchesPattern(text, part.startsWith('!') ? part.slice(1) : part)) continue;
    if (part.startsWith('!')) return false;
    isIn = true;
  }
  return isIn;
}
