import { describe, expect, test } from 'vitest';
import { escapeHtml, html } from './escape-html.ts';
import type { ReportModel } from './report-model.ts';
import { renderSummaryReport } from './summary-report.ts';

function aReport(change: Partial<ReportModel> = {}, limits: Partial<ReportModel['limits']> = {}): ReportModel {
  return {
    workspace: '/home/ann/shop.firebreak',
    sample: false,
    generatedAtMs: Date.UTC(2026, 10, 21, 8, 5),
    generatedBy: 'ann',
    console: '0.1.0',
    period: { fromMs: Date.UTC(2026, 10, 14), toMs: Date.UTC(2026, 10, 21) },
    policyVersion: '4',
    draftChanged: false,
    limits: {
      hostsInScope: 2,
      hostsWithAgent: 2,
      hostsReporting: 2,
      silentHosts: [],
      hoursOfData: 336,
      hoursExpected: 336,
      eventsLost: 0,
      unmanagedPeers: 0,
      carried: { hosts: 0, withAgent: 0, withoutAgent: 0, unsigned: [] },
      otherFirewalls: [],
      ...limits,
    },
    zones: [{ name: 'shop-db', mode: 'enforce', outbound: 'open', hosts: 2, runs: [{ what: 'enforce', hosts: 2 }], rules: 3 }],
    waivers: [],
    evidence: [],
    hostsWithoutZone: 0,
    verdicts: { accepted: 1234567, wouldBlock: 3, blocked: 0 },
    pushes: [],
    kpis: [],
    ...change,
  };
}

/** The visible words, tags taken out. */
const textOf = (page: string) =>
  page
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('summary report', () => {
  test('says what is not known before it says anything else', () => {
    const text = textOf(renderSummaryReport(aReport()));
    expect(text.indexOf('does not know')).toBeLessThan(text.indexOf('Zones'));
    expect(text).toContain('Hours of data 336 of 336 No gap.');
  });

  test('tells what hosts run beside what the draft wants, and marks where they differ', () => {
    const zone = { name: 'shop-db', mode: 'enforce', outbound: 'open', hosts: 3, rules: 3 } as const;
    const page = renderSummaryReport(
      aReport({
        zones: [
          {
            ...zone,
            runs: [
              { what: 'test', hosts: 2 },
              { what: 'not read', hosts: 1 },
            ],
          },
        ],
      }),
    );
    expect(textOf(page)).toContain('shop-db enforce test on 2, not read on 1 open');
    expect(page).toContain('<td class="warn">test on 2, not read on 1</td>');
    expect(renderSummaryReport(aReport())).toContain('<td class="">enforce on 2</td>');
  });

  test('prints who waived which check, and why', () => {
    const waivers = [{ zone: 'shop-db', mode: 'enforce', check: 'days-in-test', reason: 'audit on Monday', actor: 'ann', atMs: Date.UTC(2026, 10, 20) }];
    expect(textOf(renderSummaryReport(aReport({ waivers })))).toContain('shop-db → enforce days-in-test ann audit on Monday');
    expect(textOf(renderSummaryReport(aReport()))).toContain('No check was waived.');
  });

  test('prints on what each zone was moved, whoever waived what, and where nothing was stored', () => {
    const known = { zone: 'shop-db', mode: 'enforce', actor: 'ann', atMs: Date.UTC(2025, 0, 2, 3, 4), met: 15, open: 1, waived: [{ check: 'days-in-test', reason: '<b>audit</b>', actor: 'ann' }], isStale: true };
    const unknown = { ...known, zone: 'old', actor: null, atMs: null, waived: [] };
    const page = renderSummaryReport(aReport({ evidence: [known, unknown] }));
    expect(textOf(page)).toContain('shop-db → enforce, 2025-01-02 03:04 UTC, ann: 15 checks met, 1 to look at, waived: days-in-test by ann (&lt;b&gt;audit&lt;/b&gt;). Its rules or hosts have changed since.');
    expect(textOf(page)).toContain('old → enforce: no evidence was stored.');
    expect(textOf(renderSummaryReport(aReport({ evidence: Array.from({ length: 9 }, () => known) })))).toContain('Left out here: 3 more zones');
    expect(textOf(renderSummaryReport(aReport()))).toContain('No zone was moved to test or enforce.');
  });

  test('marks every limit that is not met, and no other', () => {
    const clean = renderSummaryReport(aReport());
    const limited = renderSummaryReport(
      aReport(
        {},
        {
          hostsInScope: 3,
          hostsReporting: 1,
          silentHosts: ['db-1'],
          hoursOfData: 300,
          eventsLost: 7,
          unmanagedPeers: 2,
          otherFirewalls: [{ host: 'web-1', firewall: 'ufw' }],
        },
      ),
    );
    expect(clean.match(/<td class="warn">/g)).toBeNull();
    expect(limited.match(/<td class="warn">/g)).toHaveLength(6);
    expect(textOf(limited)).toContain('36 host hours have no data');
    expect(textOf(limited)).toContain('web-1 (ufw)');
  });

  test('tells hosts that are reached by stick from those without an agent, and expects no record of them', () => {
    const text = textOf(renderSummaryReport(aReport({}, { hostsInScope: 5, hostsWithAgent: 2, hostsReporting: 1, carried: { hosts: 3, withAgent: 1, withoutAgent: 2, unsigned: [] } })));
    expect(text).toContain('2 with the agent, 1 without: those are seen from the other end only and enforce nothing. 2 are reached by stick only, and known as of their bundles.');
    expect(text).toContain('Every host with the agent that a connection reaches gave data for the period. The records of 1 that a stick reaches are not carried back.');
  });

  test('prints every figure with its formula and limits, and marks what is not known', () => {
    const kpi = { id: 'overhead', title: 'Overhead', unit: 'percent', formula: 'CPU time ÷ the day' } as const;
    const page = renderSummaryReport(aReport({ kpis: [{ ...kpi, value: null, text: 'not known', limits: 'no host has told' }, { ...kpi, title: 'Coverage', value: 50, text: '50 % (1 of 2)', limits: '' }] }));
    expect(textOf(page)).toContain('Overhead not known CPU time ÷ the day. No host has told.');
    expect(textOf(page)).toContain('Coverage 50 % (1 of 2) CPU time ÷ the day. ');
    expect(page.match(/<td class="warn">not known/g)).toHaveLength(1);
  });

  test('a hostile name stays text wherever it turns up', () => {
    const evil = `"><img src=x onerror=alert(1)></style><script>alert('1')</script>`;
    const page = renderSummaryReport(
      aReport(
        {
          workspace: evil,
          generatedBy: evil,
          console: evil,
          policyVersion: evil,
          zones: [{ name: evil, mode: 'test', outbound: 'open', hosts: 1, runs: [{ what: evil, hosts: 1 }], rules: 1 }],
          waivers: [{ zone: evil, mode: evil, check: evil, reason: evil, actor: evil, atMs: 0 }],
          pushes: [{ id: evil, kind: 'push', version: evil, author: evil, note: evil, startedAtMs: 0, outcome: evil, hostsConfirmed: 1, hostsInAll: 1 }],
        },
        { silentHosts: [evil], otherFirewalls: [{ host: evil, firewall: evil }] },
      ),
    );
    expect(page).not.toMatch(/<script|<img/i);
    expect(page.match(/<\/style>/g)).toHaveLength(1);
  });

  test.each([0, 1, 2, 7])('%i pushes give as many rows, six at the most, and say what was cut', (pushes) => {
    const one = {
      id: 'p',
      kind: 'push' as const,
      version: '4',
      author: 'ann',
      note: '',
      startedAtMs: 0,
      outcome: 'confirmed',
      hostsConfirmed: 1,
      hostsInAll: 1,
    };
    const text = textOf(renderSummaryReport(aReport({ pushes: Array.from({ length: pushes }, () => one) })));
    expect(text.match(/push of 4/g)?.length ?? 0).toBe(Math.min(pushes, 6));
    expect(text.includes('Nothing was pushed yet.')).toBe(pushes === 0);
    expect(text.includes('Left out here: 1 more pushes.')).toBe(pushes === 7);
  });

  test('forbids itself script and network', () => {
    expect(renderSummaryReport(aReport())).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });
});

describe('escaping', () => {
  test('what cannot be seen is shown as its code point', () => {
    expect(escapeHtml('a\u202eb\u0000c\u200b')).toBe('a&lt;U+202E&gt;b&lt;U+0000&gt;c&lt;U+200B&gt;');
  });

  test('a value is escaped once, and HTML made by the tag is not escaped again', () => {
    expect(html`<b>${html`<i>${'a & b'}</i>`}${[html`<u>1</u>`, html`<u>2</u>`]}</b>`.html).toBe('<b><i>a &amp; b</i><u>1</u><u>2</u></b>');
  });
});
