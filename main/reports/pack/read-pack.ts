import { constants } from 'node:fs';
import { lstat, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackProblem } from './check-tables.ts';
import { PACK_FILES, REPORT_FILE } from './manifest.ts';

const MIB = 1_048_576;
/** A pack of 500 hosts has some 20 MB. */
const MAX_TABLE_BYTES = 128 * MIB;
const MAX_PACK_BYTES = 512 * MIB;
const MAX_SMALL_BYTES = 4 * MIB;
/** More entries than any pack has are not even listed. */
const MAX_NAMED = 5;

export type PackBytes = { readonly files: ReadonlyMap<string, Buffer>; readonly problems: readonly PackProblem[] };

/**
 * The files of a pack from a folder that anybody may have made: only the names that a pack has, only regular files (no link is followed, no device or pipe opened), each and all
 * within bounds, which hold for what is read and not for what a file says that it has. What is wrong is told and not read. @throws ENOENT-like errors of the folder itself
 */
export async function readPack(folder: string): Promise<PackBytes> {
  const names = (await readdir(folder)).toSorted();
  const extra = names.filter((name) => !PACK_FILES.includes(name));
  const problems: PackProblem[] = extra.slice(0, MAX_NAMED).map((name) => ({ where: name, message: 'it does not belong to a pack' }));
  if (extra.length > MAX_NAMED) problems.push({ where: folder, message: `${extra.length - MAX_NAMED} more files do not belong to a pack` });
  problems.push(...PACK_FILES.filter((name) => !names.includes(name)).map((name) => ({ where: name, message: 'it is missing' })));
  const files = new Map<string, Buffer>();
  let leftBytes = MAX_PACK_BYTES;
  for (const name of PACK_FILES.filter((known) => names.includes(known))) {
    const limitBytes = Math.min(leftBytes, name.endsWith('.csv') || name === REPORT_FILE ? MAX_TABLE_BYTES : MAX_SMALL_BYTES);
    const read = await readRegular(join(folder, name), limitBytes);
    if (typeof read === 'string') problems.push({ where: name, message: read });
    else {
      files.set(name, read);
      leftBytes -= read.length;
    }
  }
  return { files, problems };
}

/** Its bytes, or why it is not read. */
async function readRegular(path: string, limitBytes: number): Promise<Buffer | string> {
  // Before opening: an open of a pipe waits for a writer. O_NOFOLLOW and the second look are for a file that changes meanwhile.
  if (!(await lstat(path)).isFile()) return 'it is no regular file (links, folders and devices are refused)';
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const { size } = await file.stat();
    const tooLarge = `it is larger than ${Math.floor(limitBytes / MIB)} MiB, which no such file of a pack is`;
    if (size > limitBytes) return tooLarge;
    const bytes = Buffer.alloc(size + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length);
      length += bytesRead;
      if (bytesRead === 0) return bytes.subarray(0, length);
      if (length > size) return 'it grew while it was read';
    }
  } finally {
    await file.close();
  }
}
