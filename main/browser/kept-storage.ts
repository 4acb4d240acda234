import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What the page keeps in the window's storage begins so: how it looks and what was open last, no workspace data. */
export const KEPT_PREFIX = 'firebreak.';
const MAX_ENTRIES = 50;
const Entry = z.tuple([z.string().startsWith(KEPT_PREFIX).max(80), z.string().max(20_000)]);
const StorageFile = z.object({ v: z.literal(1), entries: z.array(Entry).max(MAX_ENTRIES) });
type Entries = z.infer<typeof StorageFile>['entries'];

const pathIn = (configDir: string): string => join(configDir, 'chromium-window.json');

/** What a window kept; nothing when no file that can be read says so: it is a convenience, and the next choice writes it anew. */
export function loadKeptStorage(configDir: string): Entries {
  try {
    return StorageFile.parse(JSON.parse(readFileSync(pathIn(configDir), 'utf8'))).entries;
  } catch {
    return [];
  }
}

/**
 * Keeps one entry (`text` is `[key, value]` as JSON, as the page sent it), beside what other windows kept meanwhile.
 * @throws when it is none, when there would be more than fifty, and what the file system says when the folder cannot be written
 */
export function keepStorage(configDir: string, text: string): void {
  const [key, value] = Entry.parse(JSON.parse(text));
  const entries = StorageFile.shape.entries.parse([...loadKeptStorage(configDir).filter(([other]) => other !== key), [key, value]]);
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  const temporaryPath = `${pathIn(configDir)}.${process.pid}.new`;
  writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, entries }, null, 2)}\n`);
  chmodSync(temporaryPath, 0o600);
  renameSync(temporaryPath, pathIn(configDir));
}
