import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { ImportFigures, ImportFormat } from '../../../shared/model/flow-source.ts';
import type { Conversation } from '../conversation-book.ts';
import type { IsListening } from '../infer-service.ts';
import { openLog, type UnpackLimits } from '../log-file.ts';
import { readFlowLog } from '../read-flow-log.ts';

export const TEST_NOW_MS = Date.UTC(2026, 10, 21, 12);

export type ReadText = { figures: Omit<ImportFigures, 'sha256'>; conversations: Conversation[] };
type Options = { format?: ImportFormat; isListening?: IsListening; limits?: { conversations: number; hours: number }; unpack?: UnpackLimits; signal?: AbortSignal; gzip?: boolean; cutBytes?: number };

/** Writes the bytes to a file of their own and reads that as an import does. */
export async function readText(bytes: string | Buffer, options: Options = {}): Promise<ReadText> {
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-import-'));
  try {
    const path = join(folder, 'log');
    const packed = options.gzip === true ? gzipSync(bytes) : Buffer.from(bytes);
    writeFileSync(path, packed.subarray(0, packed.length - (options.cutBytes ?? 0)));
    utimesSync(path, TEST_NOW_MS / 1000, TEST_NOW_MS / 1000);
    return await readPath(path, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function readPath(path: string, options: Options = {}): Promise<ReadText> {
  const { format = null, isListening = () => false, gzip: _gzip, cutBytes: _cut, ...rest } = options;
  for await (const event of readFlowLog(await openLog(path), { nowMs: TEST_NOW_MS, format, isListening, ...rest })) {
    if (event.kind === 'done') return { figures: event.figures, conversations: [...event.book.conversations()] };
  }
  throw new Error('the log ended without a result');
}

/** `consumer → provider service connections verdict basis`, sorted. */
export const linesOf = ({ conversations }: ReadText): string[] =>
  conversations.map((one) => `${one.consumer} → ${one.provider} ${one.port === 0 ? one.protocol : `${one.protocol}/${one.port}`} ×${one.connections} ${one.verdict} ${one.basis}${one.answered ? '' : ' unanswered'}`).toSorted();

/** `rows kind reason` of what was left out. */
export const leftOutOf = ({ figures }: ReadText): string[] => figures.leftOut.map(({ rows, kind, reason }) => `${rows} ${kind} ${reason}`);
