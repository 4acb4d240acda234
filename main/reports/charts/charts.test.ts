import { expect, test } from 'vitest';
import { deriveEvidence } from '../evidence/derive-evidence.ts';
import { EvidenceSources } from '../evidence/evidence-tables.ts';
import { drawDays } from './day-chart.ts';
import { drawBox } from './draw.ts';
import { drawHostModes } from './mode-chart.ts';
import { drawSiteMap } from './site-map.ts';
import { groupName, sumGroups } from './traffic-groups.ts';
import { drawZoneMatrix, MAX_DRAWN_ZONES } from './zone-matrix.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 1);
const period = { fromMs: START, untilMs: START + 48 * HOUR };
const nothing = Object.fromEntries(Object.keys(EvidenceSources.shape).map((table) => [table, []]));

function evidence(rows: Partial<EvidenceSources>) {
  const sources: EvidenceSources = { ...EvidenceSources.parse(nothing), ...rows };
  return { period, sources, derived: deriveEvidence(sources, period) };
}
const aFlow = (fields: Partial<EvidenceSources['traffic'][number]>) => ({ from: 'zone:web', from_app: 'shop', to: 'zone:db', to_app: 'shop', verdict: 'accepted', reported_out: 0, reported_in: 0, ...fields });
const aZone = (zone: string) => ({ zone, position: 1, mode: 'enforce', outbound: 'open', select: '', only_services: '', rules: 0 });
const aCell = (from: string, to: string, passes: string, services = 0) => ({ from, to, passes, only_in_test: false, services, some_services: '', rules: 1 });
const rectsOf = (svg: string) => [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="([\d.]+)" fill="([^"]+)"/g)].map((match) => ({ x: Number(match[1]), y: Number(match[2]), width: Number(match[3]), height: Number(match[4]), fill: match[5] }));

test('a conversation that both ends report counts once, by the larger of the two, apps of a zone together', () => {
  const rows = [aFlow({ reported_out: 5 }), aFlow({ reported_in: 7 }), aFlow({ from_app: 'crm', reported_in: 2 }), aFlow({ verdict: 'blocked', reported_in: 3 }), aFlow({ from: 'outside', from_app: '', verdict: 'would-block', reported_in: 9 })];
  expect(sumGroups(evidence({ traffic: rows }))).toEqual([
    { from: 'outside', to: 'zone:db', accepted: 0, wouldBlock: 9, blocked: 0 },
    { from: 'zone:web', to: 'zone:db', accepted: 9, wouldBlock: 0, blocked: 3 },
  ]);
  expect(['zone:outside', 'outside', 'unzoned', 'iplist:office'].map(groupName)).toEqual(['outside', 'outside', 'no zone', 'list office']);
});

test('hatching stays within its box', () => {
  const { html } = drawBox({ x: 10, y: 20, width: 7, height: 3 }, 'hatch');
  const points = [...html.matchAll(/[ML]([\d.]+) ([\d.]+)/g)].map((match) => [Number(match[1]), Number(match[2])] as const);
  expect(points.length).toBeGreaterThan(10);
  for (const [x, y] of points) expect([x >= 10 && x <= 17, y >= 20 && y <= 23]).toEqual([true, true]);
});

test('bars of days are as high as their share of the most, each verdict by itself', () => {
  const day = (n: number, verdict: string, connections: number) => ({ day: START + n * 24 * HOUR, verdict, connections });
  const { html } = drawDays(evidence({ traffic_days: [day(0, 'accepted', 1000), day(1, 'accepted', 500), day(1, 'blocked', 3)] }));
  const heights = rectsOf(html).map(({ height }) => height);
  expect(heights).toEqual([11, 5.5, 11]);
  expect(html).toContain('aria-label="Accepted: 1\u202f500 connections, Would block: 0 connections, Blocked: 3 connections"');
});

test('hosts by mode fill the height between them at every moment', () => {
  const host = (name: string) => ({ host: name, managed: true, zone: 'web', labels: '', addresses: '', os: '', agent_version: '1', state: 'as-confirmed', applied_mode: '', applied_version: null, verified_at: null, last_contact_at: null, carried: '' });
  const step = (name: string, at: number, mode: string) => ({ host: name, at, step: 'confirmed', push: 'p_1', mode, zone: 'web', version: 1, detail: '' });
  const made = evidence({ zones: [aZone('web')], hosts: [host('a'), host('b')], push_steps: [step('a', START - HOUR, 'enforce'), step('b', START + 24 * HOUR, 'enforce')] });
  const { html } = drawHostModes(made);
  const [early, late] = [0, 1].map((i) => rectsOf(html).filter(({ x, fill, height }) => fill === '#16191d' && height > 3 && (i === 0 ? x < 90 : x >= 90)));
  expect(early?.map(({ height }) => height)).toEqual([17]);
  expect(late?.map(({ height }) => height)).toEqual([34]);
  expect(html).toContain('at the end of the period: enforce 2, test 0, observe 0');
});

test('a cell of the matrix shows what may pass by darkness and word, and a triangle where something was refused', () => {
  const zones = [aZone('web'), aZone('db')];
  const cells = [aCell('zone:web', 'zone:db', 'services', 3), aCell('zone:db', 'zone:web', 'everything'), aCell('zone:web', 'zone:web', 'nothing')];
  const { html } = drawZoneMatrix(evidence({ zones, zone_matrix: cells, traffic: [aFlow({ verdict: 'blocked', reported_in: 1 })] }));
  expect(rectsOf(html).filter(({ width }) => width === 10).map(({ fill }) => fill)).toEqual(['#fff', '#d5d9de', '#fff', '#fff', '#16191d', ...Array.from({ length: 11 }, () => '#fff')]);
  expect([...html.matchAll(/text-anchor="middle"[^>]*>([^<]+)</g)].map((match) => match[1]).filter((text) => text !== '·')).toEqual(['3', 'all']);
  expect(html.match(/Z" fill="#16191d" stroke="#fff"/g)).toHaveLength(2); // one cell, and the legend
});

test('what an IP list’s addresses were refused is marked in the row of outside, where the matrix counts them', () => {
  const traffic = [aFlow({ from: 'iplist:office', from_app: '', verdict: 'blocked', reported_in: 1 }), aFlow({ from: 'iplist:vpn', from_app: '', verdict: 'would-block', reported_in: 5 })];
  const { html } = drawZoneMatrix(evidence({ zones: [aZone('db')], zone_matrix: [aCell('outside', 'zone:db', 'nothing')], traffic }));
  expect(html.match(/Z" fill="#16191d" stroke="#fff"/g)).toHaveLength(2); // one cell, and the legend
  expect(html.match(/Z" fill="#fff" stroke="#16191d"/g)).toHaveLength(1); // the legend
});

test('more zones than paper can show are counted, not squeezed', () => {
  const zones = Array.from({ length: MAX_DRAWN_ZONES + 2 }, (_, i) => aZone(`zone-${i}`));
  const { html } = drawZoneMatrix(evidence({ zones }));
  expect(html).toContain(`The first ${MAX_DRAWN_ZONES} zones; 2 more are in zone_matrix.csv.`);
  expect(html).not.toContain(`zone-${MAX_DRAWN_ZONES}<`);
});

test('the map draws each zone once and lines by what was refused, and is the same each time', () => {
  const made = evidence({ zones: [aZone('web'), aZone('db')], traffic: [aFlow({ reported_out: 10 }), aFlow({ from: 'zone:db', to: 'zone:web', verdict: 'blocked', reported_out: 4 }), aFlow({ to: 'zone:web', reported_out: 99 })] });
  const { html } = drawSiteMap(made);
  expect(html).toBe(drawSiteMap(made).html);
  expect(html.match(/>web</g)).toHaveLength(1);
  expect(html.match(/C[\d.]+ [\d.]+ [\d.]+ [\d.]+ [\d.]+ [\d.]+" fill="none"/g)).toHaveLength(2);
  expect(html).toMatch(/font-weight="600"[^>]*>4</);
});

test('no line of the map passes over a figure', () => {
  const traffic = ['web', 'db', 'app'].flatMap((from) => ['web', 'db', 'app'].map((to) => aFlow({ from: `zone:${from}`, to: `zone:${to}`, verdict: 'blocked', reported_out: 4 })));
  const { html } = drawSiteMap(evidence({ zones: [aZone('web'), aZone('db'), aZone('app')], traffic }));
  expect(html.match(/font-weight="600"[^>]*>4</g)).toHaveLength(6);
  expect(html.lastIndexOf('fill="none" stroke=')).toBeLessThan(html.search(/<text [^>]*font-weight="600"[^>]*>4</));
});
