import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HISTORIAN, HMI, importBundles, machineBundle, PLC, writeBundles } from '../../e2e/seed/carry-bundles.ts';
import { OFFLINE_CODES, OFFLINE_TITLES, type OfflineAudit } from '../../shared/offline-audit/offline-audit.ts';
import { groupBlindSpots, groupFindings, sumAudit } from '../../shared/offline-audit/summarize.ts';
import { auditAtOnce } from '../services/offline-audit.ts';
import { readCarriedHosts } from '../services/offline-carried.ts';
import { renderOfflineReport } from '../reports/offline/offline-report.ts';
import { makeStick } from '../services/testing/a-bundle.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from '../services/testing/test-backend.ts';
import { createNewId } from '../services/new-id.ts';
import { printPdfWithChromium } from './chromium-pdf.ts';

// Chromium's sandbox refuses root; the pages here are our own.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';

/** Chosen so that most kinds of findings come of it. */
const WEB = 'table inet f {\n chain input { type filter hook input priority 0; policy drop;\n  tcp dport { 80, 8443 } accept\n  ip saddr 10.0.0.0/8 tcp dport 22 counter packets 0 bytes 0 accept\n  ip saddr 10.1.0.0/16 tcp dport 22 accept\n  meta mark 0x7 accept\n  udp sport 53 accept\n }\n}\n';
const DB = '*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -s 10.0.0.5/32 -p tcp -m tcp --dport 5432 -j ACCEPT\nCOMMIT\n';
const zeek = (rows: readonly [string, string, number][]) => `#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state\thistory\n${rows.map(([from, to, port]) => `1795000000\t${from}\t50000\t${to}\t${port}\ttcp\tSF\tShADF`).join('\n')}\n`;

let at: TestBackend;
let folder: string;
let audit: OfflineAudit;
let pages: string[];
const pdf = () => join(folder, 'audit.pdf');
const squeezed = (text: string): string => text.replaceAll(/\s/g, '');
/** In the order of cells and without white space, as lines break where the paper ends. */
const cells = (): string => squeezed(execFileSync('pdftotext', ['-raw', pdf(), '-'], { encoding: 'utf8' }));

beforeAll(async () => {
  at = makeBackend(undefined, createNewId());
  folder = mkdtempSync(join(tmpdir(), 'firebreak-offline-pdf-'));
  const stick = await makeStick(at);
  await writeBundles(join(folder, 'bundles'), [machineBundle(PLC, stick), machineBundle(HMI, null), machineBundle(HISTORIAN, stick)]);
  await importBundles(at.client, join(folder, 'bundles'));
  mkdirSync(join(folder, 'rules'));
  for (const [name, text] of [['web1.nft', WEB], ['web2.nft', WEB], ['db1.rules.v4', DB], ['notes.txt', 'call Anna on Monday']] as const) writeFileSync(join(folder, 'rules', name), text);
  writeFileSync(join(folder, 'hosts'), '10.0.0.5 web1\n10.0.0.8 web2\n10.0.0.6 db1\n');
  writeFileSync(join(folder, 'conn.log'), zeek([['198.51.100.7', '10.0.0.5', 80], ['198.51.100.8', '10.0.0.8', 80], ['10.0.0.9', '10.0.0.6', 3306], ['10.0.0.9', '10.0.0.5', 9100]]));
  audit = await auditAtOnce({ paths: [join(folder, 'rules')], logs: [join(folder, 'conn.log')], hostsPath: join(folder, 'hosts'), templatesPath: null, carried: readCarriedHosts(at.backend), nowMs: TEST_NOW_MS });
  writeFileSync(pdf(), await printPdfWithChromium(renderOfflineReport(audit, { madeAtMs: TEST_NOW_MS, madeBy: 'ada' })));
  pages = execFileSync('pdftotext', ['-layout', pdf(), '-'], { encoding: 'utf8' }).split('\f').map((page) => page.replaceAll(/\s+/g, ' '));
}, 300_000);
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

test('it is tagged and sound, has a text and a number on every page, and is drawn in vectors', () => {
  const info = execFileSync('pdfinfo', [pdf()], { encoding: 'utf8' });
  expect(info).toMatch(/^Title: +Audit without an agent$/m);
  expect(info).toMatch(/^Tagged: +yes$/m);
  expect(info).toMatch(/^JavaScript: +no$/m);
  expect(info).toMatch(/^Page size: .*A4/m);
  expect(execFileSync('qpdf', ['--check', pdf()], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found');
  const count = Number(/^Pages: +(\d+)$/m.exec(info)?.[1]);
  expect(count).toBeGreaterThan(2);
  expect(pages.slice(0, count).map((page, i) => page.includes(`Page ${i + 1} of ${count}`) && page.length > 60)).toEqual(Array.from({ length: count }, () => true));
  // Two lines of heading are what an empty list of images has.
  expect(execFileSync('pdfimages', ['-list', pdf()], { encoding: 'utf8' }).trimEnd().split('\n')).toHaveLength(2);
});

test('its first page says what it does not know, before any figure, and that a host is UNSIGNED', () => {
  const text = squeezed(pages[0] ?? '');
  const raw = cells();
  for (const limit of audit.limits) expect(raw).toContain(squeezed(limit));
  expect(text.indexOf(squeezed('Read this first'))).toBeLessThan(text.indexOf('Figures'));
  expect(text).toContain(squeezed('nobody SIGNED'));
});

test('its figures are those of the audit, counted again from its hosts', () => {
  const raw = cells();
  const figures = sumAudit(audit);
  expect([figures.hosts, figures.hostsWithRules, figures.files, figures.unsignedHosts]).toEqual([6, 5, 5, 1]);
  expect(raw).toContain(squeezed(`Hosts ${audit.hosts.length} ${audit.hosts.filter(({ files }) => files.length > 0).length} with rules in ${audit.hosts.flatMap(({ files }) => files).length} files.`));
  expect(raw).toContain(squeezed(`Rules ${audit.hosts.flatMap(({ files }) => files).reduce((sum, { rules }) => sum + rules, 0)}`));
  expect(raw).toContain(squeezed(`Let in ${audit.hosts.reduce((sum, { admits }) => sum + (admits?.length ?? 0), 0)} Services with their sources`));
  expect(raw).toContain(squeezed(`Listening ${audit.hosts.reduce((sum, { listening }) => sum + (listening?.filter(({ reach }) => reach !== 'local').length ?? 0), 0)} Services on other addresses`));
  expect(raw).toContain(squeezed(`Flows ${audit.flows} ${audit.flowsToHosts} end at these hosts`));
  expect(raw).toContain(squeezed(`Log 4 of 4 rows of ${join(folder, 'conn.log')} (zeek) were taken.`));
  expect(raw).toContain(squeezed('notes.txt: it is in no format that is known'));
});

test('every finding is there with its hosts, its connections and what it means, under its title; UNSIGNED ones are marked', () => {
  const raw = cells();
  const groups = groupFindings(audit.findings);
  expect(new Set(groups.map(({ code }) => code)).size).toBeGreaterThanOrEqual(8);
  for (const code of OFFLINE_CODES) expect(raw.includes(squeezed(OFFLINE_TITLES[code]))).toBe(groups.some((group) => group.code === code));
  for (const { subject, hosts, connections, sentence } of groups) {
    const names = hosts.map((host) => (host === 'hmi-1' ? `${host} (UNSIGNED)` : host)).join(', ');
    expect(raw).toContain(squeezed(`${subject} ${names} ${connections}`));
    expect(raw).toContain(squeezed(sentence));
  }
  expect(raw).toContain(squeezed('tcp/5900 hmi-1 (UNSIGNED) 0'));
});

test('bundles, blind spots and the drawing are there', () => {
  const raw = cells();
  for (const { name, origin } of audit.hosts.filter((host) => host.origin !== null)) expect(raw).toContain(squeezed(`${name} ${origin?.isSigned === true ? 'signed' : '▲ UNSIGNED'} ${origin?.bundle ?? ''}`));
  const spots = groupBlindSpots(audit.hosts);
  expect(spots.length).toBeGreaterThan(1);
  for (const { text, reason, first, hosts } of spots) expect(raw).toContain(squeezed(`${first} ${text} ${reason} ${hosts.length}`));
  for (const { name } of audit.hosts) expect(pages.at(-2) ?? '').toContain(name);
});
