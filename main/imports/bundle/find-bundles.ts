import { constants, type Dirent } from 'node:fs';
import { lstat, open, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { inert } from '../../../shared/text/inert.ts';

/** A stick's own folder is one deep, and some people sort bundles by site. */
const MAX_DEPTH = 3;
const MAX_BUNDLES = 10_000;
const MAX_ENTRIES = 100_000;

/** Files that may be bundles, sorted; what is not looked at further is refused with a reason, without a full stop and safe to show. */
export type FoundBundles = { files: string[]; refused: { file: string; reason: string }[] };

/** `paths` are files, which are taken as they are, and folders, in which all `*.tar.gz` are. No link is followed; depth and numbers are bounded. */
export async function findBundles(paths: readonly string[]): Promise<FoundBundles> {
  const found: FoundBundles & { entries: number } = { files: [], refused: [], entries: 0 };
  for (const path of paths) {
    const kind = await lstat(path).catch((error: Error) => error.message);
    if (typeof kind === 'string') found.refused.push({ file: path, reason: `it cannot be read (${inert(kind)})` });
    else if (kind.isDirectory()) await walk(path, 0, found);
    else found.files.push(path);
  }
  const files = [...new Set(found.files)].sort();
  if (files.length <= MAX_BUNDLES) return { files, refused: found.refused };
  return {
    files: files.slice(0, MAX_BUNDLES),
    refused: [...found.refused, { file: paths[0] ?? '', reason: `there are more than ${MAX_BUNDLES} bundles; import the others by themselves` }],
  };
}

async function walk(folder: string, depth: number, found: FoundBundles & { entries: number }): Promise<void> {
  try {
    for await (const entry of listFolder(folder)) {
      found.entries += 1;
      if (found.entries > MAX_ENTRIES) {
        found.refused.push({ file: folder, reason: `it has more than ${MAX_ENTRIES} entries, and the rest was not looked at` });
        return;
      }
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (depth < MAX_DEPTH) await walk(path, depth + 1, found);
        else found.refused.push({ file: path, reason: `it lies deeper than ${MAX_DEPTH} folders` });
      } else if (entry.name.endsWith('.tar.gz')) {
        if (entry.isFile()) found.files.push(path);
        else found.refused.push({ file: path, reason: 'it is no ordinary file (links, pipes and devices are refused)' });
      }
    }
  } catch (error) {
    found.refused.push({ file: folder, reason: `it cannot be read (${error instanceof Error ? inert(error.message) : 'unknown'})` });
  }
}

/**
 * What lies in a folder, through the folder itself: a link that took its place after it was seen to be one is not followed (ELOOP or ENOTDIR). Without /proc a look at what it is now is all that
 * can be had (https://man7.org/linux/man-pages/man5/proc_pid_fd.5.html).
 */
export async function* listFolder(folder: string): AsyncGenerator<Dirent, void, void> {
  if (process.platform === 'linux') {
    const held = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
    try {
      yield* await opendir(`/proc/self/fd/${held.fd}`);
    } finally {
      await held.close();
    }
    return;
  }
  if (!(await lstat(folder)).isDirectory()) throw new Error('it is no folder any more');
  yield* await opendir(folder);
}
