import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesPattern } from './match-pattern.ts';

const MAX_FOUND = 1000;

/** Files and folders of an absolute path with `*` and `?` in its parts, sorted as glob(3) sorts in the C locale. A leading dot is matched by a dot alone. Empty where nothing is there, or more than a thousand are. */
export async function findIncluded(path: string): Promise<string[]> {
  let found = ['/'];
  for (const part of path.split('/').filter((one) => one !== '')) {
    if (!/[*?]/.test(part)) {
      found = found.map((folder) => join(folder, part));
      continue;
    }
    const next: string[] = [];
    for (const folder of found) {
      const names = await readdir(folder).catch((): string[] => []);
      for (const name of names) if (matchesPattern(name, part) && (!name.startsWith('.') || part.startsWith('.'))) next.push(join(folder, name));
    }
    if (next.length > MAX_FOUND) return [];
    found = next;
  }
  return found.sort((a, b) => (a < b ? -1 : 1));
}
