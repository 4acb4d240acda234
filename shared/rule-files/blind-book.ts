import { inert } from '../text/inert.ts';
import { type BlindSpot, MAX_BLIND_SPOTS } from './rule-file.ts';

const MAX_SHOWN = 160;

/** Text of a file as it may be shown anywhere: inert and short. */
export function shownText(text: string): string {
  const cut = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
  return inert(cut.replace(/\s+/g, ' ').trim());
}

export type BlindBook = {
  add(line: number, text: string, reason: string): void;
  /** The same of what may have been a rule, or decided about any: from here on nothing in the file is certain. */
  doubt(line: number, text: string, reason: string): void;
  /** The first doubt; null: none. */
  doubted(): string | null;
  list(): BlindSpot[];
  more(): number;
};

/** Keeps the first `MAX_BLIND_SPOTS` by the order in which they are told, and counts the rest; the same place and reason counts once. */
export function createBlindBook(): BlindBook {
  const spots = new Map<string, BlindSpot>();
  let more = 0;
  let doubted: string | null = null;
  const add: BlindBook['add'] = (line, text, reason) => {
    const key = `${line} ${reason}`;
    if (spots.has(key)) return;
    if (spots.size >= MAX_BLIND_SPOTS) more += 1;
    else spots.set(key, { line, text: shownText(text), reason: shownText(reason) });
  };
  return {
    add,
    doubt: (line, text, reason) => {
      doubted ??= shownText(`line ${line}: ${reason}`);
      add(line, text, reason);
    },
    doubted: () => doubted,
    list: () => [...spots.values()].sort((a, b) => a.line - b.line),
    more: () => more,
  };
}
