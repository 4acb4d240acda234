import { readFile } from 'node:fs/promises';
import { FirebreakError } from '../../shared/errors.ts';
import { excerpt } from '../../shared/text/source-lines.ts';

/** A policy file's text. @throws FILE_NOT_READABLE · POLICY_FILE_INVALID for bytes that are no UTF-8, with the first place */
export async function readPolicyFile(path: string): Promise<string> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
  });
  const text = bytes.toString('utf8');
  const damaged = Buffer.compare(Buffer.from(text, 'utf8'), bytes) === 0 ? -1 : text.indexOf('\ufffd');
  if (damaged < 0) return text;
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const before = text.slice(0, damaged);
  const line = before.split('\n').length;
  const column = isUtf16 ? 1 : [...before.slice(before.lastIndexOf('\n') + 1)].length + 1;
  const message = isUtf16
    ? 'the file is saved as UTF-16; save it as UTF-8'
    : 'the bytes here are no UTF-8: the file was saved in another encoding (such as Latin-1); save it as UTF-8';
  const shown = isUtf16 ? { source: '', caret: '^' } : excerpt(text, line, column);
  throw new FirebreakError('POLICY_FILE_INVALID', { file: path, issues: [{ path: '', message, line, column, ...shown }], more: 0 });
}
