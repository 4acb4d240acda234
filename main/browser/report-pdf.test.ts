import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReportKind } from '../../shared/contract/report-kinds.ts';
import { renderKind } from '../services/report-kinds.ts';
import { fillEvidence } from '../services/testing/fill-evidence.ts';
import { makeBackend, TEST_NOW_MS, type TestBackend } from '../services/testing/test-backend.ts';
import { printPdfWithChromium } from './chromium-pdf.ts';

// Chromium's sandbox refuses root; the pages here are our own.
if (process.getuid?.() === 0) process.env.FIREBREAK_TEST_NO_SANDBOX = '1';

const DAY_MS = 86_400_000;
/** Long enough to hold the push of three days ago. */
const FROM_MS = TEST_NOW_MS - 4 * DAY_MS;
const HOSTS = 2;
let at: TestBackend;
let folder: string;
const texts = new Map<ReportKind, string[]>();
const pathOf = (kind: ReportKind) => join(folder, `${kind}.pdf`);

beforeAll(async () => {
  at = makeBackend();
  await fillEvidence(at, HOSTS);
  folder = mkdtempSync(join(tmpdir(), 'firebreak-reports-'));
  for (const kind of ReportKind.options) {
    writeFileSync(pathOf(kind), await printPdfWithChromium(renderKind(at.backend, { kind, framework: null, fromMs: FROM_MS, untilMs: null }).html));
    texts.set(kind, execFileSync('pdftotext', ['-layout', pathOf(kind), '-'], { encoding: 'utf8' }).split('\f').map((page) => page.replaceAll(/\s+/g, ' ')));
  }
}, 300_000);
afterAll(async () => {
  await at.close();
  rmSync(folder, { recursive: true });
});

const textOf = (kind: ReportKind) => (texts.get(kind) ?? []).join(' ');
/** Cell by cell, as a cell of several lines stands in the file, without white space. */
const cellsOf = (kind: ReportKind) => execFileSync('pdftotext', ['-raw', pathOf(kind), '-'], { encoding: 'utf8' }).replaceAll(/\s/g, '');
const squeezed = (text: string) => text.replaceAll(/\s/g, '');
/** Asked of the database itself, past everything that made the reports. */
const ask = (sql: string): number => z.object({ n: z.number() }).parse(at.backend.workspace.read.one(sql)).n;
const list = (sql: string): string[] => at.backend.workspace.read.all(sql).map((row) => z.object({ t: z.string() }).parse(row).t);
const connections = (where: string) => ask(`SELECT coalesce(sum(h.connections), 0) AS n FROM flows f JOIN flow_hours h ON h.flow_id = f.id WHERE h.hour_start_ms >= ${FROM_MS} AND ${where}`);

describe.each(ReportKind.options)('the PDF of %s', (kind) => {
  test('is tagged and sound, has a text and a number on every page, and is drawn in vectors', () => {
    const info = execFileSync('pdfinfo', [pathOf(kind)], { encoding: 'utf8' });
    expect(info).toMatch(/^Tagged: +yes$/m);
    expect(info).toMatch(/^JavaScript: +no$/m);
    expect(info).toMatch(/^Page size: .*A4/m);
    expect(execFileSync('qpdf', ['--check', pathOf(kind)], { encoding: 'utf8' })).toContain('No syntax or stream encoding errors found');
    const pages = texts.get(kind) ?? [];
    const count = Number(/^Pages: +(\d+)$/m.exec(info)?.[1]);
    expect(pages.slice(0, count).map((page, i) => page.includes(`Page ${i + 1} of ${count}`) && page.length > 30)).toEqual(Array.from({ length: count }, () => true));
    // Two lines of heading are what an empty list of images has.
    expect(execFileSync('pdfimages', ['-list', pathOf(kind)], { encoding: 'utf8' }).trimEnd().split('\n')).toHaveLength(2);
  });

  test('says its limits on the first page, with the figures of the database', () => {
    const [first = ''] = texts.get(kind) ?? [];
    expect(first).toContain('Read this first: the limits of this evidence');
    expect(first).toContain(`Hosts in scope ${ask('SELECT count(*) AS n FROM hosts WHERE ssh_json IS NOT NULL')} hosts`);
    expect(first).toContain(`Hours of data ${ask(`SELECT count(*) AS n FROM recording_hours WHERE figure = 'snapshots' AND hour_start_ms >= ${FROM_MS} AND hour_start_ms < ${TEST_NOW_MS}`)} host hours`);
    expect(first).toContain(`Packets counted and not described ${ask("SELECT sum(amount) AS n FROM recording_hours WHERE figure LIKE 'lost-%'")} packets`);
    expect(textOf(kind)).not.toMatch(/complian|certif/i);
  });
});

describe('what each kind is there for, as the database has it', () => {
  test('inventory: every host, its addresses and how many hours it gave', () => {
    const text = textOf('inventory');
    for (const name of list('SELECT name AS t FROM hosts')) expect(text).toContain(` ${name} `);
    for (const address of list('SELECT address AS t FROM host_addresses')) expect(text).toContain(address);
    const hours = ask(`SELECT count(*) AS n FROM recording_hours r JOIN hosts h ON h.id = r.host_id WHERE h.name = 'db-1' AND figure = 'snapshots' AND hour_start_ms >= ${FROM_MS}`);
    expect(text).toMatch(new RegExp(`db-1 data 0\\.1\\.0 as-confirmed ${hours} of 96 `));
  });

  test('rules: each with its id, its owner, and the packets of all hosts that were read', () => {
    const [rule] = list("SELECT json_extract(policy_json, '$.rules[0].id') AS t FROM versions");
    const packets = ask("SELECT sum(json_extract(counters_json, '$[0].packets')) AS n FROM rule_counters");
    expect(textOf('rules')).toContain(rule);
    expect(textOf('rules')).toMatch(new RegExp(`allow any → zone:data on tcp/5432 dba ▲ no reason since 2026-11-18 ${packets} on ${ask('SELECT count(*) AS n FROM rule_counters')}`));
    expect(textOf('rules')).toMatch(/What may pass outside data, no zone tcp\/5432|outside .*tcp\/5432/);
  });

  test('changes: each push with the hosts that confirmed it, and what it changed', () => {
    const confirmed = ask("SELECT count(*) AS n FROM push_steps WHERE step = 'confirmed'");
    const [author] = list('SELECT author AS t FROM pushes');
    expect(textOf('changes')).toContain(`push of 1 ${author} first confirmed ${confirmed} of ${ask('SELECT count(*) AS n FROM push_hosts')}`);
    expect(textOf('changes')).toContain('zone data added');
  });

  test('blocked: sums by verdict and by day, and every flow', () => {
    const text = textOf('blocked');
    for (const [title, verdict] of [['Accepted', 'accepted'], ['Would block', 'would-block'], ['Blocked', 'blocked']] as const) {
      const day = ask(`SELECT max(n) AS n FROM (SELECT sum(h.connections) AS n FROM flows f JOIN flow_hours h ON h.flow_id = f.id WHERE f.verdict = '${verdict}' GROUP BY h.hour_start_ms / ${DAY_MS})`);
      expect(text).toMatch(new RegExp(`at most ${day} a day`));
      expect(text).toMatch(new RegExp(`${title} ${connections(`f.verdict = '${verdict}'`)}|${title} .{0,40} ${connections(`f.verdict = '${verdict}'`)}`));
    }
    expect(text.match(/blocked db-\d in 192\.0\.2\.77 tcp\/22 4 /g)).toHaveLength(ask("SELECT count(*) AS n FROM flows WHERE verdict = 'blocked'"));
    // Of the map: from whoever is outside to the zone.
    expect(text).toContain(`outside data 0 0 ${connections("f.verdict = 'blocked' AND f.peer_address = '192.0.2.77'")}`);
    expect(text).toContain(`no zone data ${connections("f.verdict = 'accepted'")} ${connections("f.verdict = 'would-block'")} 0`);
  });

  test('integrity: every event, and the gap that it made, with its cause', () => {
    expect(textOf('integrity').match(/ (tampered|restored) /g)).toHaveLength(ask("SELECT count(*) AS n FROM host_events WHERE event IN ('tampered', 'restored')"));
    expect(textOf('integrity')).toContain('2026-11-20 11:55 UTC 2026-11-20 13:00 UTC 1.1 its rules were changed on the host');
  });

  test('exceptions: waivers with their reasons as text, rules that lack something, and peers that nothing explains', () => {
    const text = textOf('exceptions');
    const [actor, reason] = [list('SELECT actor AS t FROM waivers')[0], list('SELECT reason AS t FROM waivers')[0]];
    expect(reason).toBe('<b>audit</b> on Friday');
    expect(text).toContain(`data → enforce days-in-test ${actor} ${reason}`);
    expect(text).toContain('allow any → zone:data on tcp/5432 no reason');
    expect(text).toContain(`192.0.2.77 ${ask("SELECT count(DISTINCT reporter) AS n FROM flows WHERE peer_address = '192.0.2.77'")} ${connections("f.peer_address = '192.0.2.77'")} `);
  });

  test('kpi: hosts that enforce, and each figure with its formula', async () => {
    const enforcing = ask("SELECT count(*) AS n FROM bundles b JOIN host_states s ON s.host_id = b.host_id WHERE b.mode = 'enforce'");
    expect(textOf('kpi')).toContain(`Coverage, hosts 100 % (${enforcing} of ${HOSTS})`);
    const { kpis } = await at.client.reports.kpi({ sinceMs: FROM_MS });
    const cells = cellsOf('kpi');
    expect(kpis).toHaveLength(9);
    for (const { title, text, formula } of kpis) expect(cells).toContain(squeezed(`${title}${text === 'not known' ? '▲ ' : ''}${text}${formula}.`));
  });

  test('frameworks: every clause, with figures of the database', async () => {
    const text = textOf('frameworks');
    for (const clause of ['1.2.1', '1.4.4', '11.4.6', '(a)(1)', '(e)(1)', 'AC-4', 'SC-7', '13.4', '8.22', 'CC6.1', 'CC6.6']) expect(text).toContain(clause);
    const cells = cellsOf('frameworks');
    const [proof] = await at.client.reach.proofs({});
    const tries = ask('SELECT sum(json_array_length(tries_json)) AS n FROM reach_proofs');
    const tried = `Hosts tried ${tries} connections in 1 run while both ends witnessed: proven allowed ${proof?.figures.allowed}, proven blocked ${proof?.figures.blocked}, against policy ${proof?.figures.contradicts}, not proven ${proof?.figures['not-proven']} (section 6).`;
    const refused = `Blocked: ${connections("f.verdict = 'blocked'")} connections; would have been: ${connections("f.verdict = 'would-block'")} (section 9).`;
    expect(cells).toContain(squeezed(`11.4.5 segmentation is tested at least every twelve months ${tried} ${refused} a penetration test`));
    const hosts = ask('SELECT count(*) AS n FROM hosts WHERE ssh_json IS NOT NULL');
    expect(cells).toContain(squeezed(`4.4 a firewall on servers ${hosts} hosts in scope, ${hosts} with an agent, ${hosts} that gave data (section 3). Enforced throughout the period: 0 of 1 zone set to enforce`));
  });

  test('segmentation: all of them in one, with the map at its end', () => {
    const text = textOf('segmentation');
    for (const title of ['1. Figures', '2. Coverage', '3. Zones', '4. Zone matrix', '5. Reachability', '6. Rules', '7. Pushes', '8. Blocked', '9. Drift', '10. Device posture', '11. Exceptions', '12. KPIs', '13. By clause', '14. Appendix']) expect(text).toContain(title);
    expect(text).toMatch(new RegExp(`data enforce open all ${HOSTS} 0 \\d+ no`));
  });
});
