/** What each way of fitting is worth; further fields count for less than the first. */
const WORTH = { same: 1, start: 0.9, word: 0.75, inside: 0.5, letters: 0.25 } as const;
const PER_FIELD = 0.7;
/** A person who leaves letters out types the first ones of words; beyond this many letters between two it is chance. */
const WIDEST_GAP = 8;

/**
 * How well a text fits something with these fields (its name first): 1 is the very name, 0 that some word of the text fits none of them. Every word has to fit. Case counts nowhere. Shorter names win among equals.
 */
export function matchScore(text: string, fields: readonly string[]): number {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return 0;
  const scores = words.map((word) => Math.max(0, ...fields.map((field, i) => scoreOf(word, field.toLowerCase(), i === 0) * PER_FIELD ** Math.min(i, 2))));
  if (scores.includes(0)) return 0;
  const whole = scoreOf(text.trim().toLowerCase(), (fields[0] ?? '').toLowerCase(), true);
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  return Math.max(whole, mean) - Math.min(0.04, (fields[0]?.length ?? 0) / 2500);
}

function scoreOf(word: string, field: string, mayLeaveOut: boolean): number {
  if (field === word) return WORTH.same;
  if (field.startsWith(word)) return WORTH.start;
  const at = field.indexOf(word);
  if (at > 0) return startsWord(field, at) || startsWord(field, field.indexOf(word, at + 1)) ? WORTH.word : WORTH.inside;
  return mayLeaveOut && word.length > 1 && hasLetters(word, field) ? WORTH.letters : 0;
}

const startsWord = (field: string, at: number): boolean => at > 0 && !/[a-z0-9]/.test(field[at - 1] ?? '');

/** The letters of the word in their order, with others in between; the first has to begin a word. */
function hasLetters(word: string, field: string): boolean {
  const first = [...field].findIndex((letter, at) => letter === word[0] && (at === 0 || startsWord(field, at)));
  if (first < 0) return false;
  let at = first;
  for (const letter of word.slice(1)) {
    const next = field.indexOf(letter, at + 1);
    if (next < 0 || next - at > WIDEST_GAP) return false;
    at = next;
  }
  return true;
}
