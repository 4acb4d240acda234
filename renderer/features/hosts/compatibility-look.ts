import type { CompatibilityLevel, HostCompatibility } from '../../../shared/model/compatibility.ts';
import type { Meaning } from '../../ui/Mark.tsx';

type LevelLook = { readonly meaning: Meaning; readonly text: string; readonly sentence: string; readonly rank: number };

const LEVELS: Readonly<Record<CompatibilityLevel, LevelLook>> = {
  red: { meaning: 'blocked', text: 'Red', sentence: 'Red: the agent cannot be installed', rank: 0 },
  yellow: { meaning: 'would-block', text: 'Yellow', sentence: 'Yellow: it works, and this should be known', rank: 2 },
  green: { meaning: 'allowed', text: 'Green', sentence: 'Green: nothing to do', rank: 3 },
};
const NOT_REACHED: LevelLook = { meaning: 'unknown', text: 'Not reached', sentence: 'Not reached: nothing is known', rank: 1 };

/** Colour, glyph and words of a level; null: the host could not be asked. */
export const levelLook = (level: CompatibilityLevel | null): LevelLook => (level === null ? NOT_REACHED : LEVELS[level]);

/** What needs a hand first: red, not reached, yellow, green; else in the order given. */
export const sortByLevel = (hosts: readonly HostCompatibility[]): readonly HostCompatibility[] => hosts.toSorted((a, b) => levelLook(a.level).rank - levelLook(b.level).rank);

/** `1 red, 2 yellow`: only what there is. */
export function countLevels(hosts: readonly HostCompatibility[]): string {
  const counts = new Map<string, number>();
  for (const host of sortByLevel(hosts)) {
    const word = levelLook(host.level).text.toLowerCase();
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
