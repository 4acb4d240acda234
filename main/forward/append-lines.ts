import { constants } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

export type LogFile = { readonly path: string; readonly rotateBytes: number; readonly keepFiles: number };

/**
 * Appends the lines and has them on the disk when it resolves, also under their name: the folder is on the disk where a file was made or renamed. A file that is as long as `rotateBytes`
 * already becomes PATH.1 first, and the oldest is given up. Where not all could be written nothing is: the file has its former length again, unless `givenUp` tells that others may have written since. Made with mode 0600; never through a symbolic link, nor into a file that begins otherwise than with a line of JSON.
 */
export async function appendLines({ path, rotateBytes, keepFiles }: LogFile, lines: readonly string[], givenUp?: AbortSignal): Promise<void> {
  if (await appendUnlessFull(path, rotateBytes, lines, givenUp)) return;
  if (givenUp?.aborted) return;
  await rotate(path, keepFiles);
  await appendUnlessFull(path, Number.POSITIVE_INFINITY, lines, givenUp);
}

async function appendUnlessFull(path: string, fullBytes: number, lines: readonly string[], givenUp: AbortSignal | undefined): Promise<boolean> {
  const file = await open(path, constants.O_RDWR | constants.O_APPEND | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK, 0o600);
  try {
    const before = await file.stat();
    if (!before.isFile()) throw new Error(`${path} is no regular file`);
    // A path that was mistyped, or came with a workspace of somebody else's, may be that of a file which a shell or a program reads.
    if (before.size > 0 && (await byteAt(file, 0)) !== OPENING_BRACE) throw new Error(`${path} holds something else than lines of JSON; name a new file`);
    if (before.size >= fullBytes) return false;
    const isCut = before.size > 0 && (await byteAt(file, before.size - 1)) !== LINE_END;
    // A power cut may have left a line without its end: ours begins on a new one.
    // Whoever gave up has told that nothing was taken, and sends it again.
    if (givenUp?.aborted) return true;
    await writeAll(file, before.size, `${isCut ? '\n' : ''}${lines.map((line) => `${line}\n`).join('')}`, givenUp);
    // A file of no length may be new, or was begun when the power went: else it would be gone with all its lines, or be there under its former name.
    if (before.size === 0) await syncFolder(path);
    return true;
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, sizeBefore: number, text: string, givenUp: AbortSignal | undefined): Promise<void> {
  try {
    await file.writeFile(text, 'utf8');
    await file.sync();
  } catch (error) {
    if (!givenUp?.aborted) await file.truncate(sizeBefore);
    throw error;
  }
}

const [OPENING_BRACE, LINE_END] = [0x7b, 0x0a];
const byteAt = async (file: FileHandle, position: number): Promise<number | undefined> => (await file.read(Buffer.alloc(1), 0, 1, position)).buffer[0];

async function rotate(path: string, keepFiles: number): Promise<void> {
  for (let n = keepFiles - 1; n >= 1; n -= 1) await ifThere(rename(`${path}.${n}`, `${path}.${n + 1}`));
  await rename(path, `${path}.1`);
  await syncFolder(path);
}

/** The names in the folder of `path` (fsync(2): that of the file alone does not do it). Not possible on Windows, where renames are kept by NTFS's own log. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const ifThere = <T>(work: Promise<T>): Promise<T | null> =>
  work.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
