import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fillEvidence } from '../services/testing/fill-evidence.ts';
import { preparePack } from '../services/pack-seal.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from '../services/testing/test-backend.ts';
import { printPdfWithChromium } from './chromium-pdf.ts';

// Chromium's sandbox refuses root; the page here is our own.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';

const DAY_MS = 86_400_000;
const HOSTS = 2;
let at: TestBackend;
let folder: string;
let pdfPath: string;
let pages: string[];

beforeAll(async () => {
  at = makeBackend();
  await fillEvidence(at, HOSTS);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-pdf-'));
  pdfPath = join(folder, 'report.pdf');
  writeFileSync(pdfPath, await printPdfWithChromium(preparePack(at.backend, { fromMs: TEST_NOW_MS - 2 * DAY_MS, untilMs: null }).html));
  pages = execFileSync('pdftotext', ['-layout', pdfPath, '-'], { encoding: 'utf8' }).split('\f').map((page) => page.replaceAll(/\s+/g, ' '));
}, 120_000);
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

const text = () => pages.join(' ');
/** Asked of the database itself, past everything that made the report. */
const ask = (sql: string): number => z.object({ n: z.number() }).parse(at.backend.workspace.read.one(sql)).n;

describe('the printed evidence', () => {
  test('is a tagged PDF of A4 pages without script, each with its number', () => {
    const info = execFileSync('pdfinfo', [pdfPath], { encoding: 'utf8' });
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^JavaScript: +no$/m);
    expect(info).toMatch(/^Page size: .*A4/m);
    const count = Number(/^Pages: +(\d+)$/m.exec(info)?.[1]);
    expect(pages.filter((page) => page !== '')).toHaveLength(count);
    pages.slice(0, count).forEach((page, i) => expect(page).toContain(`Page ${i + 1} of ${count}`));
  });

  test('has its fonts in it', () => {
    const fonts = execFileSync('pdffonts', [pdfPath], { encoding: 'utf8' }).trimEnd().split('\n').slice(2);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/ yes +yes +yes +\d+ +\d+$/);
  });

  test('says the limits on its first page, with the figures of the database', () => {
    const [first = ''] = pages;
    const managed = ask('SELECT count(*) AS n FROM hosts WHERE ssh_json IS NOT NULL');
    expect(managed).toBe(HOSTS);
    expect(first).toContain('Read this first: the limits of this evidence');
    expect(first).toContain(`Hosts in scope ${managed} hosts`);
    expect(first).toContain(`Hosts with an agent ${ask('SELECT count(*) AS n FROM host_states WHERE status_json IS NOT NULL')} hosts`);
    const from = TEST_NOW_MS - 2 * DAY_MS;
    expect(first).toContain(`Hours of data ${ask(`SELECT count(*) AS n FROM recording_hours WHERE figure = 'snapshots' AND hour_start_ms >= ${from} AND hour_start_ms < ${TEST_NOW_MS}`)} host hours`);
    expect(first).toContain(`Packets counted and not described ${ask("SELECT sum(amount) AS n FROM recording_hours WHERE figure LIKE 'lost-%'")} packets`);
    expect(first).toContain('Unmanaged peers 1 addresses');
  });

  test('tells connections as the database has them, and the gap with its cause', () => {
    const connections = (verdict: string) => ask(`SELECT sum(h.connections) AS n FROM flows f JOIN flow_hours h ON h.flow_id = f.id WHERE f.verdict = '${verdict}'`);
    expect(text()).toContain(`Connections blocked ${connections('blocked')} connections`);
    expect(text()).toContain(`Connections that enforcing would have blocked ${connections('would-block')} connections`);
    expect(text()).toContain(`Connections accepted ${connections('accepted')} connections`);
    expect(text()).toMatch(new RegExp(`data enforce open all ${HOSTS} ${HOSTS - 1} 1 no`));
    expect(text()).toContain('2026-11-20 11:55 UTC 2026-11-20 13:00 UTC 1.1 its rules were changed on the host');
  });

  test('names every standard and supports it, and never says compliant', () => {
    for (const name of ['PCI DSS 4.0', 'HIPAA', 'NIST SP 800-207', 'CIS Controls v8', 'ISO/IEC 27001:2022', 'SOC 2']) expect(text()).toContain(name);
    expect(text()).toContain('what this evidence supports');
    expect(text()).not.toMatch(/complian|certif/i);
  });

  test('shows what a host says of itself as text', () => {
    expect(text()).toContain('<b>audit</b> on Friday');
  });
});
