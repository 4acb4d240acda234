import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { inert } from '../../../shared/text/inert.ts';

const MIB = 1_048_576;

/** The bytes of an ordinary file (no link is followed, no device or pipe opened), at most so many; or why it is not read, without a full stop. Never throws. */
export async function readRegularFile(path: string, limitBytes: number): Promise<Buffer | string> {
  try {
    // Before opening: an open of a pipe waits for a writer. O_NOFOLLOW and the second look are for a file that changes meanwhile.
    if (!(await lstat(path)).isFile()) return 'it is no ordinary file (links, folders, pipes and devices are refused)';
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { size } = await file.stat();
      if (size > limitBytes) return `it is larger than ${limitBytes / MIB} MiB`;
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
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? inert(error.message) : 'unknown'})`;
  }
}
