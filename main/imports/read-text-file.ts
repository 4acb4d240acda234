import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { FirebreakError } from '../../shared/errors.ts';

/** The largest inventory that is known has half of that. */
const MAX_TEXT_BYTES = 8_388_608;

/** The text of a regular file that a person named, links followed; a pipe or a device is never waited for. @throws FILE_NOT_READABLE, also where it has more than 8 MiB */
export async function readTextFile(path: string): Promise<string> {
  const refuse = (detail: string, cause?: unknown) => new FirebreakError('FILE_NOT_READABLE', { path, detail }, { cause });
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: Error) => {
    throw refuse(error.message, error);
  });
  try {
    const about = await file.stat();
    if (!about.isFile()) throw refuse(about.isDirectory() ? 'it is a folder' : 'it is no regular file');
    if (about.size > MAX_TEXT_BYTES) throw refuse(`it has more than ${MAX_TEXT_BYTES / 1_048_576} MiB`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
