import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appendAudit } from '../../db/audit-store.ts';
import type { AuditExportEvent } from '../../../shared/contract/audit-parts.ts';
import { readCsv } from '../../reports/evidence/csv-text.ts';
import { verifyLogFile } from '../../services/audit-file.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
let folder: string;
beforeEach(() => {
  at = makeBackend();
  folder = mkdtempSync(join(tmpdir(), 'firebreak-audit-'));
  at.backend.workspace.transaction((tx) => {
    appendAudit(tx, { atMs: at.clock.nowMs, actor: 'ada', action: 'hosts.add', subject: 'web-1', detail: '' });
    appendAudit(tx, { atMs: at.clock.nowMs + 5, actor: 'host:web-1', action: 'host.event', subject: '=cmd()', detail: 'a "quoted",\nline' });
  });
});
afterEach(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});
const exported = async (name: string) => {
  expect(await runFirebreak(at, ['audit', 'export', join(folder, name)])).toMatchObject({ code: 0, out: expect.stringMatching(/^Wrote 2 entries to /) });
  return readFileSync(join(folder, name), 'utf8');
};

test('lines of JSON hold all that the chain is made of: another program computes the same hashes', async () => {
  const lines = (await exported('log.jsonl')).trimEnd().split('\n').map((line) => JSON.parse(line));
  let former = '';
  for (const { seq, atMs, actor, action, subject, detail, hash } of lines) {
    expect(createHash('sha256').update(`${former}\n${JSON.stringify([seq, atMs, actor, action, subject, detail])}`).digest('hex')).toBe(hash);
    former = hash;
  }
  expect(lines.map(({ at: time, subject, detail }) => [time, subject, detail])).toEqual([
    ['2026-11-21T12:00:00.000Z', 'web-1', ''],
    ['2026-11-21T12:00:00.005Z', '=cmd()', 'a "quoted",\nline'],
  ]);
});

test('in CSV no cell is run by a spreadsheet', async () => {
  const read = readCsv(await exported('log.csv'), 10);
  expect(read.ok && read.records.map(({ cells }) => cells.slice(0, 6))).toEqual([
    ['seq', 'at', 'actor', 'action', 'subject', 'detail'],
    ['1', '2026-11-21T12:00:00.000Z', 'ada', 'hosts.add', 'web-1', ''],
    ['2', '2026-11-21T12:00:00.005Z', 'host:web-1', 'host.event', "'=cmd()", expect.stringContaining('a "quoted",')],
  ]);
});

test('a long log comes in parts, each far shorter than the whole, and is the same file; one whose writing is left off leaves none', async () => {
  const detail = 'x'.repeat(1000);
  at.backend.workspace.transaction((tx) => {
    for (let n = 0; n < 3000; n += 1) appendAudit(tx, { atMs: at.clock.nowMs, actor: 'ada', action: 'hosts.label', subject: `web-${n}`, detail });
  });
  for (const format of ['csv', 'jsonl'] as const) {
    const parts: string[] = [];
    let end: AuditExportEvent | undefined;
    for await (const event of await at.client.audit.exportText({ format })) {
      if (event.type === 'part') parts.push(event.text);
      else end = event;
    }
    expect(end).toEqual({ type: 'done', entries: 3002, lastHash: (await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]?.hash });
    expect(Math.max(...parts.map(({ length }) => length))).toBeLessThan(300_000);
    expect(await runFirebreak(at, ['audit', 'export', join(folder, `long.${format}`)])).toMatchObject({ code: 0, out: expect.stringContaining('Wrote 3,002 entries') });
    expect(readFileSync(join(folder, `long.${format}`), 'utf8')).toBe(parts.join(''));
    const rows = format === 'csv' ? readCsv(parts.join(''), 9999) : null;
    expect(rows === null || (rows.ok && rows.records.length)).toBe(rows === null ? true : 3003);
  }
  for await (const _ of await at.client.audit.exportText({ format: 'csv' })) break;
  expect((await at.client.audit.verify({})).brokenAt).toBe(null);
});

test('another kind of file, and one that cannot be written, are refused with a sentence', async () => {
  expect(await runFirebreak(at, ['audit', 'export', join(folder, 'log.txt')])).toMatchObject({ code: 2, err: expect.stringContaining('.csv or .jsonl') });
  expect(await runFirebreak(at, ['audit', 'export', join(folder, 'none', 'log.csv')])).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
});

describe('an exported log on another machine', () => {
  const verify = (...argv: string[]) => runFirebreak(at, ['audit', 'verify', ...argv], { verifyLog: verifyLogFile, openClient: () => Promise.reject(new Error('no workspace is to be opened')) });
  /** Five entries; `edit` gets their lines and gives those that are checked. */
  const checked = async (edit: (lines: string[]) => string[], ...argv: string[]) => {
    at.backend.workspace.transaction((tx) => {
      for (const n of [3, 4, 5]) appendAudit(tx, { atMs: at.clock.nowMs + n, actor: 'ada', action: 'zones.add', subject: `zone-${n}`, detail: 'größer' });
    });
    const path = join(folder, 'log.jsonl');
    await runFirebreak(at, ['audit', 'export', path]);
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${edit(lines).join('\n')}\n`);
    const { code, out } = await verify(path, ...argv);
    return [code, out.replaceAll(path, 'LOG')];
  };
  const changed = (line: string, from: string, to: string): string => {
    expect(line).toContain(from);
    return line.replace(from, to);
  };
  /** An attacker who knows the format makes the entry's own hash fit again. */
  const forged = (line: string, former: string): string => {
    const entry = { ...JSON.parse(line), subject: 'zone-x' };
    const fields = [entry.seq, entry.atMs, entry.actor, entry.action, entry.subject, entry.detail];
    return JSON.stringify({ ...entry, hash: createHash('sha256').update(`${JSON.parse(former).hash}\n${JSON.stringify(fields)}`).digest('hex') });
  };

  test('fits as it was written, and says the last hash to compare', async () => {
    expect(await checked((lines) => lines)).toEqual([0, expect.stringMatching(/^All 5 entries of LOG fit\.\nThe last has the hash [0-9a-f]{64}: compare it/)]);
  });

  test.each<[string, (lines: string[]) => string[], string[]]>([
    ['an entry was taken out', (lines) => lines.toSpliced(2, 1), ['line 3: entry 3 is missing before it.']],
    ['entries were taken out', (lines) => lines.toSpliced(1, 3), ['line 2: entries 2 to 4 are missing before it.']],
    ['its beginning was taken out', (lines) => lines.slice(2), ['line 1: entries 1 to 2 are missing before it.']],
    ['an entry was changed', (lines) => lines.with(2, changed(lines[2] ?? '', 'zone-3', 'zone-x')), ['line 3: entry 3 does not fit the one before it: it was changed or put in, or entry 2 was and its hash made anew.']],
    ['an entry was changed and its hash made anew', (lines) => lines.with(2, forged(lines[2] ?? '', lines[1] ?? '')), ['line 4: entry 4 does not fit the one before it: it was changed or put in, or entry 3 was and its hash made anew.']],
    ['the time that people read was changed', (lines) => lines.with(2, changed(lines[2] ?? '', '2026-11-21T12:00:00.003Z', '2026-11-20T12:00:00.003Z')), ['line 3: entry 3 says two times: 2026-11-20T12:00:00.003Z, and 2026-11-21T12:00:00.003Z by what its hash is made of.']],
    ['two entries were swapped', (lines) => [lines[0], lines[2], lines[1], lines[3], lines[4]].map(String), ['line 3: entry 2 stands after entry 3: out of order.']],
    ['an entry is there twice', (lines) => [...lines, String(lines[1])], ['line 6: entry 2 is there twice, first in line 2.']],
    ['a line is no entry', (lines) => lines.with(4, '{"seq":"1"}'), ['line 5: it is no entry as “audit export” writes it (seq: Invalid input: expected number, received string).']],
    ['nothing is left of it', () => [''], ['the file: it has no entry.']],
  ])('%s', async (_, edit, problems) => {
    const [code, out] = await checked(edit);
    expect([code, String(out).split('\n').slice(1).map((line) => line.trim())]).toEqual([3, problems]);
  });

  test('a cut end is seen by the hash that was noted, and by nothing else', async () => {
    const last = (lines: string[]): string => JSON.parse(lines.at(-1) ?? '').hash;
    let noted = '';
    expect(await checked((lines) => { noted = last(lines); return lines.slice(0, 4); })).toMatchObject([0, expect.stringContaining('All 4 entries')]);
    const path = join(folder, 'log.jsonl');
    expect(await verify(path, '--last', noted)).toMatchObject({ code: 3, out: expect.stringContaining('the end: no entry has the hash that was given: the end is missing or was changed') });
    expect(await runFirebreak(at, ['audit', 'export', path])).toMatchObject({ out: expect.stringContaining(`--last ${noted}`) });
    expect(await verify(path, '--last', noted)).toMatchObject({ code: 0, out: expect.stringContaining('The end is the one that was noted.') });
    expect(await verify(path, '--last', 'abc')).toMatchObject({ code: 2, err: expect.stringContaining('64 of 0-9') });
  });

  test('another file, and one that is not there, are refused with what to give', async () => {
    writeFileSync(join(folder, 'log.csv'), 'seq\n');
    expect(await verify(join(folder, 'log.csv'))).toMatchObject({ code: 2, err: expect.stringContaining('give the FILE.jsonl that “audit export” wrote') });
    expect(await verify(join(folder, 'none.jsonl'))).toMatchObject({ code: 1, err: expect.stringContaining('ENOENT') });
    expect(await verify(join(folder, 'log.csv'), '--key', 'k')).toMatchObject({ code: 2, err: expect.stringContaining('is for a pack') });
  });
});
