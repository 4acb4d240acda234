import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyPack } from '../../services/pack-verify.ts';
import { fillEvidence } from '../../services/testing/fill-evidence.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

const PERIOD = ['--from', '2026-11-19', '--to', '2026-11-21'];
const printPdf = () => Promise.resolve(new TextEncoder().encode('%PDF-1.4'));
let at: TestBackend;
let folder: string;
const inFolder = (name: string) => join(folder, name);
const run = (...argv: string[]) => runFirebreak(at, argv, { printPdf, verifyPack, openClient: () => Promise.resolve({ client: at.client, close: () => Promise.resolve() }) });
/** Where there is no workspace and nothing may be opened. */
const elsewhere = (...argv: string[]) => runFirebreak(at, argv, { verifyPack, openClient: () => Promise.reject(new Error('no workspace is to be opened')) });

beforeAll(async () => {
  at = makeBackend();
  await fillEvidence(at, 1);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-report-'));
});
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

describe('report pack and audit verify', () => {
  test('a pack that was made here is verified elsewhere, and exit 3 names what was altered since', async () => {
    const made = await run('report', 'pack', ...PERIOD, '--out', inFolder('pack'));
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^Wrote 36 files for 2026-11-19 00:00:00Z to 2026-11-21 00:00:00Z to .*\nSigned with SHA256:/) });
    expect(await elsewhere('audit', 'verify', inFolder('pack'))).toMatchObject({ code: 0, out: expect.stringContaining('Everything fits: 36 files, 43 figures computed again from the tables.') });
    const key = inFolder('console.pub');
    writeFileSync(key, readFileSync(join(inFolder('pack'), 'signer.pub')));
    expect((await elsewhere('audit', 'verify', inFolder('pack'), '--key', key)).out).toContain('the key that was given');
    writeFileSync(join(inFolder('pack'), 'report.pdf'), '%PDF-1.5');
    expect(await elsewhere('audit', 'verify', inFolder('pack'))).toMatchObject({ code: 3, out: expect.stringMatching(/does not fit: 1 problem\.\n {2}report\.pdf: it was changed/) });
    expect(JSON.parse((await elsewhere('--json', 'audit', 'verify', inFolder('pack'))).out)).toMatchObject({ ok: false, problems: [{ where: 'report.pdf' }] });
  });

  test('without a folder the log of the workspace is verified, for which no key is needed', async () => {
    expect(await run('audit', 'verify')).toMatchObject({ code: 0, out: expect.stringMatching(/^All \d+ entries fit\.$/) });
    expect((await run('audit', 'verify', '--key', 'x')).code).toBe(2);
  });
});

describe('report csv', () => {
  test('writes every table and nothing else', async () => {
    expect((await run('report', 'csv', ...PERIOD, '--out', inFolder('tables'))).code).toBe(0);
    const names = readdirSync(inFolder('tables'));
    expect(names).toHaveLength(30);
    expect(names.every((name) => name.endsWith('.csv'))).toBe(true);
    expect(readFileSync(join(inFolder('tables'), 'enforcement.csv'), 'utf8')).toBe('host,zone,wanted_mode,enforced_throughout,enforced_seconds,gaps\r\ndb-1,data,enforce,yes,172800,0\r\n');
  });

  test('refuses a folder that has something in it, an option of other reports, and a kind that there is not', async () => {
    writeFileSync(inFolder('note'), '');
    expect(await run('report', 'csv', '--out', folder)).toMatchObject({ code: 2, err: expect.stringContaining('is not empty') });
    expect(await run('report', 'csv', '--since', '7d', '--out', inFolder('none'))).toMatchObject({ code: 2, err: expect.stringContaining('--from and --to') });
    expect(await run('report', 'summary', '--from', '7d', '--out', inFolder('s.html'))).toMatchObject({ code: 2, err: expect.stringContaining('--since') });
    expect(await run('report', 'everything', '--out', inFolder('e.csv'))).toMatchObject({ code: 2, err: expect.stringContaining('there are segmentation, inventory, rules') });
    expect((await run('report', 'csv', '--out', inFolder('note'))).code).toBe(1);
  });
});

describe('report KIND', () => {
  test('writes the one document as .html and .pdf, and the rows of its kind as .csv, each for the same period', async () => {
    expect(await run('report', 'rules', ...PERIOD, '--out', inFolder('rules.html'))).toMatchObject({ code: 0, out: expect.stringMatching(/rules\.html, for 2026-11-19 00:00:00Z to 2026-11-21 00:00:00Z\.$/) });
    expect(readFileSync(inFolder('rules.html'), 'utf8')).toContain('<h1>Rule dossier</h1>');
    expect((await run('report', 'rules', ...PERIOD, '--out', inFolder('rules.pdf'))).code).toBe(0);
    expect(readFileSync(inFolder('rules.pdf'), 'utf8')).toBe('%PDF-1.4');
    expect((await run('report', 'rules', '--since', '2026-11-19', '--to', '2026-11-21', '--out', inFolder('rules.csv'))).code).toBe(0);
    expect(readFileSync(inFolder('rules.csv'), 'utf8')).toMatch(/^rule,action,from,to,services,conditions,owner,reason,ticket,review_on,expires_on,first_pushed_at,hosts_read,packets,oldest_since\r\nr_\w+,allow,any,zone:data,tcp\/5432,,dba,,,,,2026-11-18T12:00:00\.000Z,1,7,2026-11-18T12:00:00\.000Z\r\n$/);
  });

  test('of one framework has its clauses', async () => {
    expect((await run('report', 'frameworks', '--framework', 'soc-2', ...PERIOD, '--out', inFolder('soc.csv'))).code).toBe(0);
    expect(readFileSync(inFolder('soc.csv'), 'utf8').match(/^SOC 2|"SOC 2/gm)).toHaveLength(2);
  });

  test.each([
    [['rules', '--out', 'x.docx'], 'written as .pdf, .html or .csv'],
    [['rules', '--out', 'x.pdf', '--framework', 'cis'], 'is for the report “frameworks”'],
    [['frameworks', '--out', 'x.pdf', '--framework', 'gdpr'], 'there are pci-dss, hipaa'],
    [['pack', '--out', 'x', '--framework', 'cis'], 'a pack has all of them'],
    [['kpi', '--out', 'x.pdf', '--since', '7d', '--from', '7d'], 'give one of them'],
  ])('%j is refused with what to do', async (argv, words) => {
    expect(await run('report', ...argv)).toMatchObject({ code: 2, err: expect.stringContaining(words) });
  });
});
