import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { WindowPlace } from '../../shared/window/window-place.ts';

const WindowFile = z.object({ v: z.literal(1), window: WindowPlace });
const pathIn = (configDir: string): string => join(configDir, 'window.json');

/** Where the window was when it was closed last; null when nothing that can be read says so: it is a convenience, and the next closing writes it anew. */
export function loadWindowPlace(configDir: string): WindowPlace | null {
  try {
    return WindowFile.parse(JSON.parse(readFileSync(pathIn(configDir), 'utf8'))).window;
  } catch {
    return null;
  }
}

/** Beside the list of recent workspaces: it is the user's, and of no workspace. @throws what the file system says, when the folder cannot be written */
export function saveWindowPlace(configDir: string, window: WindowPlace): void {
  mkdirSync(configDir, { recursive: true, mode: 0o700 });
  const temporaryPath = `${pathIn(configDir)}.${process.pid}.new`;
  writeFileSync(temporaryPath, `${JSON.stringify({ v: 1, window }, null, 2)}\n`);
  chmodSync(temporaryPath, 0o600);
  renameSync(temporaryPath, pathIn(configDir));
}
