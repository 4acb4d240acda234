import { describe, expect, test } from 'vitest';
import { type Framework, ReportKind } from '../../shared/contract/report-kinds.ts';
import { STANDARDS } from './clauses.ts';
import { deriveEvidence } from './evidence/derive-evidence.ts';
import { EvidenceSources } from './evidence/evidence-tables.ts';
import { computeFigures, FIGURES } from './evidence/figures.ts';
import { renderEvidenceReport } from './evidence-report.ts';
import { drawModes } from './mode-strip.ts';
import { computeManifest, type Manifest } from './pack/manifest.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
const period = { fromMs: START, untilMs: START + 10 * HOUR };
const EVIL = `"><img src=x onerror=alert(1)></style></svg><script>alert('1')</script>`;

/** Every table with one row whose every text is `text`. */
function evidence(text: string) {
  const rows = Object.entries(EvidenceSources.shape).map(([table, schema]) => [
    table,
    [Object.fromEntries(Object.entries(schema.element.shape).map(([column, kind]) => [column, ['yes', '2026-11-01T02:00:00.000Z', '1', text].find((cell) => kind.safeParse(cell).success)]))],
  ]);
  const sources = EvidenceSources.parse(Object.fromEntries(rows));
  return { period, sources, derived: deriveEvidence(sources, period) };
}

const NOTHING = { period, sources: EvidenceSources.parse(Object.fromEntries(Object.keys(EvidenceSources.shape).map((table) => [table, []]))) };
const empty = { ...NOTHING, derived: deriveEvidence(NOTHING.sources, period) };

const manifestOf = (of: Parameters<typeof computeManifest>[0], text: string): Omit<Manifest, 'files'> => ({
  format: 'firebreak-evidence/4', madeAt: '2026-11-02T00:00:00.000Z', madeBy: text, console: text, workspace: text, isSample: false,
  period: { from: '2026-11-01T00:00:00.000Z', until: '2026-11-01T10:00:00.000Z' }, policy: { version: 1, hash: text, author: text, at: '2026-11-01T00:00:00.000Z' }, draftDiffers: true, ...computeManifest(of),
});

const render = (of: Parameters<typeof renderEvidenceReport>[1], text: string, kind: ReportKind, framework: Framework | null = null) => renderEvidenceReport(manifestOf(of, text), of, { kind, framework, isPacked: kind === 'segmentation' });
const EVERY_KIND = ReportKind.options;

describe('the evidence report', () => {
  test.each(EVERY_KIND)('of kind %s keeps whatever hosts and people wrote as text, drawings included, and forbids itself script and network', (kind) => {
    const page = render(evidence(EVIL), EVIL, kind);
    expect(page).toContain('&lt;img src=x');
    expect(page).not.toMatch(/<script|<img/i);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  test.each(EVERY_KIND)('of kind %s says its limits before anything else, and numbers its sections from 1', (kind) => {
    const page = render(empty, 'x', kind);
    const heads = [...page.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)].map((match) => match[1] ?? '');
    expect(heads[0]).toBe('Read this first: the limits of this evidence');
    expect(heads.slice(1).map((head) => head.split('.')[0])).toEqual(heads.slice(1).map((_, i) => String(i + 1)));
    expect(heads.length).toBeGreaterThan(1);
  });

  test('of a workspace without anything says so in every section, and no zone is enforced by nobody', () => {
    const page = render(empty, 'x', 'segmentation');
    for (const none of ['No host is managed.', 'No zone was pushed.', 'No rule was pushed.', 'Nothing was pushed in the period.', 'Nothing was blocked, and nothing would have been.', 'None was waived.', 'Nothing was seen in the period.', 'Nothing was tried in the period;', 'Between no two of them does anything pass.']) expect(page).toContain(none);
    expect(page.indexOf('Nothing is in scope')).toBeGreaterThan(0);
    expect(page.indexOf('Nothing is in scope')).toBeLessThan(page.indexOf('Read this first'));
    expect(page.split('Nothing is in scope')).toHaveLength(2);
    expect(computeFigures(empty).filter(({ value }) => value !== 0)).toEqual([expect.objectContaining({ id: 'hoursOfPeriod', value: 10 })]);
  });

  test('says that hosts run what was confirmed only of those that were read back with it', () => {
    const host = (name: string, state: string) => ({ host: name, managed: true, zone: 'web', labels: '', addresses: '', os: '', agent_version: '1', state, applied_mode: '', applied_version: null, verified_at: null, last_contact_at: null, carried: '' });
    const said = (...states: string[]) => /left out here[^<]*<\/p>\n<p class="lead">([^<]*)</.exec(render({ ...empty, sources: { ...empty.sources, hosts: states.map((state, i) => host(`h${i}`, state)) } }, 'x', 'integrity'))?.[1];
    expect(said('unknown', 'no-agent')).toBe('No host was read back.');
    expect(said('as-confirmed', 'unknown')).toBe('1 host read back, with what was confirmed.');
    expect(said('as-confirmed', 'pending')).toBe('▲ Read back with rules that wait for their confirmation: h1.');
    expect(said('drifted', 'pending', 'as-confirmed')).toBe('▲ Read back with other rules than were confirmed: h0. ▲ Read back with rules that wait for their confirmation: h1.');
  });

  test('speaks of a signed manifest only where it lies in a pack', () => {
    const alone = (kind: ReportKind) => renderEvidenceReport(manifestOf(empty, 'x'), empty, { kind, framework: null, isPacked: false });
    for (const kind of EVERY_KIND) expect(alone(kind).replace('makes a signed pack', '')).not.toMatch(/signed manifest|VERIFY\.txt/);
    expect(render(empty, 'x', 'segmentation')).toContain('bound to the tables by the signed manifest');
  });

  test('tells hosts that are reached by stick as such on its first page, and neither as without an agent nor as silent', () => {
    const host = (name: string, carried: string, agent: string) => ({ host: name, managed: true, zone: 'web', labels: '', addresses: '', os: '', agent_version: agent, state: 'unknown', applied_mode: '', applied_version: null, verified_at: null, last_contact_at: null, carried });
    const of = (...hosts: ReturnType<typeof host>[]) => {
      const sources = { ...empty.sources, hosts };
      return { period, sources, derived: deriveEvidence(sources, period) };
    };
    const sticks = [host('plc', 'signed', ''), host('hmi', 'unsigned', '1')];
    const limits = computeManifest(of(...sticks)).limits.join('\n');
    expect(limits).toContain('Reached by stick and by no connection (hosts.csv): 2 hosts of 2 in scope.');
    expect(limits).not.toMatch(/without an agent|gave no data/);
    const mixed = computeManifest(of(...sticks, host('web', '', ''), host('db', '', '1')));
    expect(mixed.limits.slice(0, 3)).toEqual([expect.stringMatching(/^1 host of 4 in scope without an agent/), expect.stringMatching(/^1 host with an agent gave no data/), expect.stringMatching(/^Reached by stick and by no connection \(hosts\.csv\): 2 hosts of 4/)]);
    expect(mixed.figures.find(({ id }) => id === 'hostsByStick')?.value).toBe(2);
    const page = render(of(...sticks), 'x', 'segmentation');
    expect(page.indexOf('Hosts in scope that are reached by stick only')).toBeLessThan(page.indexOf('<section>'));
    expect([page.includes('>by stick<'), page.includes('>no agent<')]).toEqual([true, false]);
  });

  test('of one framework has its clauses alone, and sends to sections that it has', () => {
    const page = render(empty, 'x', 'frameworks', 'hipaa');
    expect(page).toContain('<h1>Evidence for HIPAA, 45 CFR 164.312</h1>');
    expect([...page.matchAll(/<h3>([^<]*)<\/h3>\s*<table class="clauses">/g)].map((match) => match[1])).toEqual(['HIPAA, 45 CFR 164.312']);
    const sections = [...page.matchAll(/<h2[^>]*>(\d+)\./g)].map((match) => Number(match[1]));
    const named = [...page.matchAll(/section (\d+)/g)].map((match) => Number(match[1]));
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter((number) => !sections.includes(number))).toEqual([]);
  });

  test('every figure has a name of its own, and every clause asks only for figures that there are', () => {
    const ids = FIGURES.map(({ make }) => make.name);
    expect(new Set(ids).size).toBe(ids.length);
    const asked: string[] = [];
    for (const { clauses } of STANDARDS) for (const { shows } of clauses) shows((id) => asked.push(id), (id) => id);
    expect(asked.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('no clause is said to be complied with', () => {
    expect(JSON.stringify(STANDARDS.flatMap(({ clauses }) => clauses.map(({ asks, not, shows }) => [asks, not, shows(() => 1, () => '')])))).not.toMatch(/complian|complies|certif/i);
  });
});

test('what a host ran is drawn from left to right, and said in words', () => {
  const span = { host: 'a', zone: '', cause: '' };
  const { html } = drawModes([{ ...span, from: START, until: START + 4 * HOUR, mode: 'test' }, { ...span, from: START + 4 * HOUR, until: START + 9 * HOUR, mode: 'enforce' }, { ...span, from: START + 9 * HOUR, until: START + 10 * HOUR, mode: 'unknown' }], period);
  expect(html).toContain('aria-label="test 4.0 h, enforce 5.0 h, unknown 1.0 h"');
  expect([...html.matchAll(/x="([\d.]+)" y="0" width="([\d.]+)" height="60" fill="(#\w+)"/g)].map((match) => match.slice(1))).toEqual([['0', '400', '#8d96a0'], ['400', '500', '#16191d']]);
});
