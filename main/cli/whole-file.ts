import { rmSync } from 'node:fs';
import { lstat, open, readlink, rename } from 'node:fs/promises';
import { FirebreakError } from '../../shared/errors.ts';

/** A file that is whole or not there. Each call fails with FILE_NOT_WRITABLE. */
export type WholeFile = {
  readonly append: (part: string | Uint8Array) => Promise<void>;
  /** Now it has the name. */
  readonly finish: () => Promise<void>;
  /** Without `finish` before it, nothing is left, and a file of that name is as it was. Always to be called. */
  readonly drop: () => Promise<void>;
};

/**
 * Written beside `path`, and given the name once it is whole and on the disk; read by whom the former file was, else by `newMode`. A symbolic link of that name is refused: to follow it
 * would write where somebody else may have pointed it, and to put a file in its place would break what was meant by it without a word. What the process has open already
 * (/dev/stdout, /dev/fd/3) is written as it is, wherever it leads.
 * @throws FILE_NOT_WRITABLE
 */
export async function openWholeFile(path: string, newMode = 0o666): Promise<WholeFile> {
  const fail = cannotWrite(path);
  const isOpened = OPENED.test(path);
  const former = isOpened ? null : await lstat(path).catch(() => null);
  if (former?.isSymbolicLink() === true) fail(new Error(`it is a symbolic link to ${await readlink(path).catch(fail)}, which is neither followed nor replaced; name the file itself, or remove the link`));
  // What is no ordinary file, such as /dev/null, cannot be renamed to.
  const isStream = isOpened || (former !== null && !former.isFile());
  // Of this process alone and never there before: not another one's, nor a link that somebody laid out in a folder of many.
  const partPath = isStream ? path : `${path}.${process.pid}.part`;
  const file = await open(partPath, isOpened ? 'a' : isStream ? 'w' : 'wx', former === null ? newMode : former.mode & 0o777).catch(fail);
  const remove = () => (isStream ? undefined : rmSync(partPath, { force: true }));
  // Ctrl-C ends the process without unwinding.
  process.once('exit', remove);
  return {
    // Not `write`, which may write a part and say so.
    append: (part) => file.writeFile(part).catch(fail),
    finish: async () => {
      if (!isStream) await file.sync().catch(fail);
      await file.close();
      if (!isStream) await rename(partPath, path).catch(fail);
    },
    drop: async () => {
      await file.close();
      remove();
      process.off('exit', remove);
    },
  };
}

/** Names of what the process has open: links in /dev and /proc that lead to terminals, pipes and files alike. */
const OPENED = /^\/(?:dev\/(?:stdout|stderr|fd\/\d+)|proc\/self\/fd\/\d+)$/;

export const cannotWrite = (path: string) => (error: Error): never => {
  throw new FirebreakError('FILE_NOT_WRITABLE', { path, detail: error.message });
};
