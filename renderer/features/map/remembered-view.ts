import { z } from 'zod';
import { type MapSearch, mapSearch } from './map-search.ts';

const STORAGE_KEY = 'firebreak.map';
/** Habits, not questions: filters and what is open are the address's alone. */
const Habits = mapSearch.pick({ level: true, lens: true, bundle: true, shape: true, period: true });

/** How this window last looked at a map. Stored in the window's own storage, as the theme is. */
export function rememberedView(): MapSearch {
  const text = localStorage.getItem(STORAGE_KEY);
  if (text === null) return {};
  const parsed = z.string().transform(toJson).pipe(Habits).safeParse(text);
  return parsed.success ? parsed.data : {};
}

export const rememberView = (search: MapSearch): void => localStorage.setItem(STORAGE_KEY, JSON.stringify(Habits.parse(search)));

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Whatever wrote it, it says nothing about how somebody looked at a map.
    return null;
  }
}
