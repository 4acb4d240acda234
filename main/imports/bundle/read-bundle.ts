import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { z } from 'zod';
import { inert } from '../../../shared/text/inert.ts';
import { FILE_LIMITS } from './bundle-manifest.ts';
import { readRegularFile } from './read-regular-file.ts';

const MIB = 1_048_576;
/** A bundle of a busy host has a few MB unpacked. Nothing is written anywhere: all of it stays in memory, and this bounds it. */
export const BUNDLE_LIMITS = { packedBytes: 32 * MIB, unpackedBytes: 64 * MIB } as const;
const SHOWN_CHARS = 80;

/** The files of a bundle by name, or why it is refused: a sentence without a full stop, safe to show. */
export type ReadBundle = { ok: true; sha256: string; bytes: number; files: ReadonlyMap<string, Buffer> } | { ok: false; reason: string };
const refuse = (reason: string): ReadBundle => ({ ok: false, reason });
const unpack = promisify(gunzip);

/**
 * Reads a bundle that anybody may have made. Plain files of the names that a bundle has, each once and within its bounds, and nothing else: one wrong entry refuses the whole.
 * Bounds hold for what is there, not for what a header says. No name of it ever becomes a path. No header may stand between files that is none of a file (a long name of GNU, a pax header
 * for one file or for all): the library takes them without a word, and a name or size would not be where everybody reads it.
 */
export async function readBundle(path: string): Promise<ReadBundle> {
  const packed = await readRegularFile(path, BUNDLE_LIMITS.packedBytes);
  if (typeof packed === 'string') return refuse(packed);
  if (packed[0] !== 0x1f || packed[1] !== 0x8b) return refuse('it is no gzip file, which every bundle is');
  let tar: Buffer;
  try {
    tar = await unpack(packed, { maxOutputLength: BUNDLE_LIMITS.unpackedBytes });
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return refuse(`it unpacks to more than ${BUNDLE_LIMITS.unpackedBytes / MIB} MiB, which no bundle does`);
    return refuse(`its compression is damaged or cut off (${detailOf(error)})`);
  }
  const files = await readTar(tar);
  if (typeof files === 'string') return refuse(files);
  return { ok: true, sha256: createHash('sha256').update(packed).digest('hex'), bytes: packed.length, files };
}

/** The files, or why they are refused. */
async function readTar(tar: Buffer): Promise<Map<string, Buffer> | string> {
  const files = new Map<string, Buffer>();
  const entries = extract();
  entries.end(tar);
  let endOfLast = 0;
  try {
    for await (const entry of entries) {
      const { name, type, size = 0, pax } = entry.header;
      const begin = byteOffsetOf(entry.header);
      const shown = `“${inert(name.slice(0, SHOWN_CHARS))}${name.length > SHOWN_CHARS ? '…' : ''}”`;
      if (type !== 'file') return `${shown} in it is a ${type ?? 'thing of an unknown kind'}, and bundles have plain files only`;
      if (pax != null || !isEmpty(tar.subarray(endOfLast, begin - TAR_BLOCK))) return `${shown} in it has an extended header, which no collector writes`;
      const limitBytes = FILE_LIMITS.get(name);
      if (limitBytes === undefined) return `${shown} in it is no file of a bundle`;
      if (files.has(name)) return `${shown} is in it twice`;
      if (size > limitBytes) return `${shown} in it is said to have ${size} bytes, and may have ${limitBytes}`;
      const parts: Buffer[] = [];
      for await (const part of entry) if (Buffer.isBuffer(part)) parts.push(part);
      files.set(name, Buffer.concat(parts));
      endOfLast = begin + Math.ceil(size / TAR_BLOCK) * TAR_BLOCK;
    }
  } catch (error) {
    return `the archive in it is damaged or cut off (${detailOf(error)})`;
  }
  if (!isEmpty(tar.subarray(endOfLast))) return 'something is left behind the last file in it that is no file (such as an extended header), which no collector writes';
  return files.size === 0 ? 'the archive in it is empty' : files;
}

const TAR_BLOCK = 512;
/** Where the content of an entry begins; the library says so, and its types do not. */
const byteOffsetOf = (header: object): number => z.number().parse(Reflect.get(header, 'byteOffset'));
/** Blocks of zeros end an archive, and may stand between two that were put one behind the other. */
const isEmpty = (bytes: Buffer): boolean => bytes.every((byte) => byte === 0);

const detailOf = (error: unknown): string => inert((error instanceof Error ? error.message : 'unknown').slice(0, 200)).replace(/\.$/, '');
const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);
