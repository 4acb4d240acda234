import { constants } from 'node:fs';
import { open } from 'node:fs/promises';

const MAX_BYTES = 65_536;
const MIN_KEY_CHARS = 16;

/** The authorities in a PEM file. Throws a sentence that names the file. */
export async function readCaFile(path: string): Promise<string> {
  const { text } = await readSmallFile(path);
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new Error(`${path} has no certificate in PEM`);
  return text;
}

/** The key in the file, without white space around it. Refused where others can read it, as ssh does, and where it is too short to be one. */
export async function readKeyFile(path: string): Promise<string> {
  const { text, mode } = await readSmallFile(path);
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new Error(`others can read the key in ${path}: chmod 600 it`);
  const key = text.trim();
  if (key.length < MIN_KEY_CHARS) throw new Error(`the key in ${path} has fewer than ${MIN_KEY_CHARS} characters; make one with: openssl rand -hex 32`);
  return key;
}

async function readSmallFile(path: string): Promise<{ text: string; mode: number }> {
  // An open of a pipe would wait for a writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) throw new Error(`${path} is no file`);
    const { size, mode } = stat;
    if (size > MAX_BYTES) throw new Error(`${path} is too large for what it should hold`);
    return { text: await file.readFile('utf8'), mode };
  } finally {
    await file.close();
  }
}
