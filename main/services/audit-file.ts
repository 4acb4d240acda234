import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { LogVerdict } from '../../shared/contract/audit-files.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { inert } from '../../shared/text/inert.ts';
import { hashOf } from '../db/audit-store.ts';
import { createLineSplitter } from '../imports/split-lines.ts';

const Entry = z.strictObject({
  seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  at: z.string(),
  atMs: z.number().int(),
  actor: z.string(),
  action: z.string(),
  subject: z.string(),
  detail: z.string(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
});
type Entry = z.infer<typeof Entry>;

const MAX_LINE_BYTES = 4_194_304;
const MAX_PROBLEMS = 100;

/**
 * Recomputes the chain of a log that `audit export FILE.jsonl` wrote, on any machine and without a workspace: which entries are missing, changed, added or out of order, each by its line. An end that
 * was cut off can only be seen by `lastHash`, the hash of the last entry as it was kept elsewhere (null: not given). @throws FILE_NOT_READABLE · INPUT_INVALID for what is no such file
 */
export async function verifyLogFile(path: string, lastHash: string | null): Promise<LogVerdict> {
  if (!path.endsWith('.jsonl')) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'file', message: `${path} is no log that can be checked: give the FILE.jsonl that “audit export” wrote (its CSV has no times to the millisecond), or the folder of a pack` }] });
  const chain = createChain();
  const lines = createLineSplitter(MAX_LINE_BYTES, (text, line, isTooLong) => chain.add(line, isTooLong ? null : Buffer.from(text, 'latin1').toString('utf8')));
  const cannotRead = (error: Error): never => {
    throw new FirebreakError('FILE_NOT_READABLE', { path, detail: error.message });
  };
  const found = await stat(path).catch(cannotRead);
  if (!found.isFile()) cannotRead(new Error('it is no ordinary file'));
  try {
    for await (const chunk of createReadStream(path)) if (Buffer.isBuffer(chunk)) lines.push(chunk);
  } catch (error) {
    cannotRead(error instanceof Error ? error : new Error(String(error)));
  }
  lines.end();
  return chain.finish(lastHash);
}

type Chain = { add(line: number, text: string | null): void; finish(lastHash: string | null): LogVerdict };

/** Each entry is held against the one before it by number, wherever that stands, so that an entry in the wrong place is told as such and not as a changed one. */
function createChain(): Chain {
  const problems: LogVerdict['problems'] = [];
  let more = 0;
  const tell = (where: string, message: string): void => {
    if (problems.length < MAX_PROBLEMS) problems.push({ where, message });
    else more += 1;
  };
  const seen = new Map<number, { line: number; hash: string }>([[0, { line: 0, hash: '' }]]);
  const waiting = new Map<number, { line: number; entry: Entry }>();
  let [entries, highest] = [0, 0];
  const check = (line: number, entry: Entry, former: string): void => {
    if (hashOf(former, entry.seq, entry) !== entry.hash) tell(`line ${line}`, `entry ${entry.seq} does not fit the one before it: it was changed or put in, or entry ${entry.seq - 1} was and its hash made anew`);
    else if (new Date(entry.atMs).toISOString() !== entry.at) tell(`line ${line}`, `entry ${entry.seq} says two times: ${inert(entry.at)}, and ${new Date(entry.atMs).toISOString()} by what its hash is made of`);
  };
  return {
    add: (line, text) => {
      if (text?.trim() === '') return;
      const entry = text === null ? null : parseEntry(text);
      if (entry === null || typeof entry === 'string') {
        tell(`line ${line}`, `it is no entry as “audit export” writes it${entry === null ? '' : ` (${entry})`}`);
        return;
      }
      entries += 1;
      const twice = seen.get(entry.seq);
      if (twice !== undefined) {
        tell(`line ${line}`, `entry ${entry.seq} is there twice, first in line ${twice.line}`);
        return;
      }
      if (entry.seq < highest) tell(`line ${line}`, `entry ${entry.seq} stands after entry ${highest}: out of order`);
      highest = Math.max(highest, entry.seq);
      seen.set(entry.seq, { line, hash: entry.hash });
      const former = seen.get(entry.seq - 1);
      if (former === undefined) waiting.set(entry.seq, { line, entry });
      else check(line, entry, former.hash);
      const next = waiting.get(entry.seq + 1);
      if (next === undefined) return;
      waiting.delete(entry.seq + 1);
      check(next.line, next.entry, entry.hash);
    },
    finish: (lastHash) => {
      // What is left waits for an entry that is nowhere: the gap before it.
      for (const { line, entry } of waiting.values()) tell(`line ${line}`, missing(lastBefore(seen, entry.seq) + 1, entry.seq - 1));
      if (entries === 0) tell('the file', 'it has no entry');
      const last = seen.get(highest)?.hash ?? '';
      if (lastHash !== null && last !== lastHash) tell('the end', [...seen.values()].some(({ hash }) => hash === lastHash) ? 'the hash that was given is that of an earlier entry: this log is longer than the one that it was noted of' : 'no entry has the hash that was given: the end is missing or was changed, or the hash is of another log');
      if (more > 0) problems.push({ where: 'the file', message: `${more} more problems are not listed` });
      return { ok: problems.length === 0, entries, lastHash: highest === 0 ? null : last, problems };
    },
  };
}

function lastBefore(seen: ReadonlyMap<number, unknown>, seq: number): number {
  let before = 0;
  for (const known of seen.keys()) if (known < seq && known > before) before = known;
  return before;
}

const missing = (from: number, to: number): string => (from === to ? `entry ${from} is missing before it` : `entries ${from} to ${to} are missing before it`);

/** Or why it is none, inert. */
function parseEntry(text: string): Entry | string {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'no JSON';
  }
  const parsed = Entry.safeParse(document);
  return parsed.success ? parsed.data : inert(`${parsed.error.issues[0]?.path.join('.') ?? ''}: ${parsed.error.issues[0]?.message ?? ''}`).slice(0, 200);
}
