import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { FirebreakError } from '../../shared/errors.ts';

/** A log as it was when it was opened; what is written to it afterwards is not read. */
export type LogFile = { path: string; bytes: number; modifiedAtMs: number; isGzip: boolean };
/** A piece of the log without its compression; `readBytes` is how far the file itself was read. `damage` ends the log before its end. */
export type LogChunk = { bytes: Buffer; readBytes: number } | { damage: string };

const CHUNK_BYTES = 262_144;
/** A log that is more than this when it is unpacked, and this many times what it was packed, is made to fill a machine: gzip reaches 1,000, logs hardly 50. */
const UNPACKED_AT_LEAST = 1_073_741_824;
const UNPACKED_RATIO = 250;
export type UnpackLimits = { atLeastBytes: number; ratio: number };

const unreadable = (path: string, detail: string) => new FirebreakError('FILE_NOT_READABLE', { path, detail });
const detailOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** @throws FILE_NOT_READABLE, also for what is no ordinary file (a pipe would wait for ever) */
export async function openLog(path: string): Promise<LogFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw unreadable(path, 'it is no ordinary file');
    const file = await open(path, 'r');
    try {
      const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
      return { path, bytes: found.size, modifiedAtMs: Math.trunc(found.mtimeMs), isGzip: buffer[0] === 0x1f && buffer[1] === 0x8b };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof FirebreakError ? error : unreadable(path, detailOf(error));
  }
}

/** sha256 of the file as it is, in hex. @throws FILE_NOT_READABLE · ABORTED */
export async function hashLog(log: LogFile, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of readRaw(log, signal)) hash.update(bytes);
  return hash.digest('hex');
}

/** What is in the log. Damage of its compression is told and ends it; what came before it counts. @throws FILE_NOT_READABLE · ABORTED */
export async function* readLog(log: LogFile, signal?: AbortSignal, limits: UnpackLimits = { atLeastBytes: UNPACKED_AT_LEAST, ratio: UNPACKED_RATIO }): AsyncGenerator<LogChunk, void, void> {
  const state = { readBytes: 0 };
  if (!log.isGzip) {
    for await (const bytes of readRaw(log, signal)) {
      state.readBytes += bytes.length;
      yield { bytes, readBytes: state.readBytes };
    }
    return;
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // Its error reaches the loop below through the stream itself.
  pipeline(Readable.from(countRaw(log, state, signal)), gunzip, () => undefined);
  const maxBytes = Math.max(limits.atLeastBytes, log.bytes * limits.ratio);
  let unpackedBytes = 0;
  try {
    for await (const bytes of gunzip) {
      if (!Buffer.isBuffer(bytes)) continue;
      unpackedBytes += bytes.length;
      if (unpackedBytes > maxBytes) {
        yield { damage: `unpacks to more than ${limits.ratio} times its size, which no log does: the rest was not read` };
        return;
      }
      yield { bytes, readBytes: state.readBytes };
    }
  } catch (error) {
    if (error instanceof FirebreakError) throw error;
    yield { damage: `the compressed data is damaged or cut off from here on (${detailOf(error)})` };
  } finally {
    gunzip.destroy();
  }
}

async function* countRaw(log: LogFile, state: { readBytes: number }, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
  for await (const bytes of readRaw(log, signal)) {
    state.readBytes += bytes.length;
    yield bytes;
  }
}

/** Up to the size that the file had when it was opened. */
async function* readRaw(log: LogFile, signal?: AbortSignal): AsyncGenerator<Buffer, void, void> {
  if (log.bytes === 0) return;
  const stream = createReadStream(log.path, { end: log.bytes - 1, highWaterMark: CHUNK_BYTES });
  try {
    for await (const bytes of stream) {
      if (signal?.aborted) throw new FirebreakError('ABORTED', { doing: `reading ${log.path}` });
      if (Buffer.isBuffer(bytes)) yield bytes;
    }
  } catch (error) {
    throw error instanceof FirebreakError ? error : unreadable(log.path, detailOf(error));
  } finally {
    stream.destroy();
  }
}
