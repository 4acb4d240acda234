import { expect, test } from 'vitest';
import { aHostView } from '../../../shared/contract/testing/a-host-view.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { aRule, aZone, ruleId } from '../../../shared/policy/testing/builders.ts';
import { toLines } from './grid-lines.ts';
import { moveBy, stepBy } from './grid-position.ts';
import { readCell, withState } from './read-cell.ts';
import { groupRules } from './rule-groups.ts';
import { columnsFor } from './rule-grid-columns.ts';
import { collectRemarks } from './rule-marks.ts';
import { toRuleUse } from './rule-use.ts';

const aHost = (name: string, labels: Record<string, string>, zone: string | null) => aHostView(name, { labels, zone });
const HOSTS = [aHost('web-1', { role: 'web' }, 'front'), aHost('db-1', { role: 'db' }, 'data'), aHost('old-1', { role: 'old' }, null)];
const ZONES = [aZone({ name: 'front' }), aZone({ name: 'data' })];
const to = (n: number, text: string, action: 'allow' | 'deny' = 'allow') => aRule({ n, to: text, action });
const grouped = (...rules: ReturnType<typeof aRule>[]) => groupRules(rules, ZONES, HOSTS).map((group) => `${group.title}: ${group.rules.map((rule) => rule.id.at(-1)).join(' ')}`);

test('rules are grouped by the zone of their providers, in the order of the zones, then what is in none', () => {
  expect(grouped(to(1, 'role=db'), to(2, 'zone:front'), to(3, 'host:web-1'), to(4, 'any'), to(5, 'role=old'), to(6, '10.0.0.0/8'), to(7, 'role=web|db'), to(8, 'role=gone'))).toEqual([
    'front: 2 3',
    'data: 1',
    'Several zones: 7',
    'Hosts in no zone: 5',
    'Networks and lists outside: 6',
    'Everyone: 4',
    'Nobody now: 8',
  ]);
});

test('within a group deny comes before allow, and a group without rules is not there', () => {
  expect(grouped(to(1, 'role=db'), to(2, 'role=db', 'deny'))).toEqual(['data: 2 1']);
  expect(grouped()).toEqual([]);
});

test('a closed group keeps its head', () => {
  const groups = groupRules([to(1, 'role=db'), to(2, 'zone:front')], ZONES, HOSTS);
  expect(toLines(groups, new Set(['zone:front'])).map((line) => (line.kind === 'group' ? line.group.title : line.rule.id.at(-1)))).toEqual(['front', 'data', '1']);
});

test('arrows stop at the edges, Home and End go to the ends of the row, and Tab goes on in the next row', () => {
  const ids = ['a', 'b'];
  const move = (key: string, id: string, column: number) => moveBy(key, { id, column }, ids, 3, 10);
  expect(move('ArrowUp', 'a', 1)).toEqual({ id: 'a', column: 1 });
  expect(move('ArrowDown', 'a', 1)).toEqual({ id: 'b', column: 1 });
  expect(move('End', 'a', 0)).toEqual({ id: 'a', column: 2 });
  expect(move('PageDown', 'a', 0)).toEqual({ id: 'b', column: 0 });
  expect(move('x', 'a', 0)).toBeNull();
  expect(stepBy(1, { id: 'a', column: 2 }, ids, 3)).toEqual({ id: 'b', column: 0 });
  expect(stepBy(-1, { id: 'b', column: 0 }, ids, 3)).toEqual({ id: 'a', column: 2 });
  expect(stepBy(1, { id: 'b', column: 2 }, ids, 3)).toBeNull();
  expect(stepBy(-1, { id: 'a', column: 0 }, ids, 3)).toBeNull();
});

test('one cell is read into the rule, and everything else of the rule stays', () => {
  const rule = withState(aRule({ ticket: 'T-1', as: 'user:backup' }), true);
  expect(readCell(rule, 'owner', ' bob ')).toEqual({ ok: true, rule: { ...rule, owner: 'bob' } });
  expect(readCell(rule, 'action', 'deny')).toEqual({ ok: true, rule: { ...rule, action: 'deny' } });
  expect(readCell(rule, 'reviewOn', '')).toEqual({ ok: true, rule });
  expect(readCell(rule, 'from', '10.0.0.5/8')).toMatchObject({ ok: false, error: expect.stringContaining('10.0.0.0/8') });
  expect(readCell(rule, 'action', 'permit')).toMatchObject({ ok: false, error: expect.stringContaining('write allow or deny') });
  expect(readCell(rule, 'expiresOn', '2026-02-31')).toMatchObject({ ok: false, error: expect.stringContaining('not a day of the calendar') });
  expect(withState(rule, false)).toEqual(aRule({ ticket: 'T-1', as: 'user:backup' }));
});

test('remarks are by rule, broken policy tests and the worst first', () => {
  const finding = (severity: Finding['severity']): Finding => ({ code: 'OWNER_MISSING', severity, subject: { kind: 'rule', id: ruleId(1), text: '' }, others: [], evidence: severity, fix: { text: '', act: null } });
  const remarks = collectRemarks([finding('info'), finding('warning')], [`dev cannot reach prod: by rule ${ruleId(1)}`, 'a test that names no rule']);
  expect([...remarks.keys()]).toEqual([ruleId(1)]);
  expect(remarks.get(ruleId(1))?.map((remark) => remark.severity)).toEqual(['error', 'warning', 'info']);
});

test('what a rule decides is summed over its verdicts', () => {
  const row = { kind: 'allowed' as const, by: ruleId(1), flows: 1, connections: 5, lastSeenAtMs: 7, example: '' };
  expect(toRuleUse({ flows: 2, connections: 9, rows: [row, { ...row, connections: 4, lastSeenAtMs: 3 }] }).get(ruleId(1))).toEqual({ flows: 2, connections: 9, lastSeenAtMs: 7 });
});

test('a column in which no rule says anything is narrow, unless the window is wide; others never are', () => {
  const narrow = (rules: Parameters<typeof columnsFor>[0], isWide: boolean) => [...columnsFor(rules, isWide).narrow];
  const dated = { ...aRule(), expiresOn: '2026-12-02' };
  expect(narrow([aRule()], false)).toEqual(['schedule', 'reviewOn', 'expiresOn']);
  expect(narrow([aRule(), dated], false)).toEqual(['schedule', 'reviewOn']);
  expect(narrow([aRule()], true)).toEqual([]);
  expect(columnsFor([aRule()], false).minWidthPx).toBeLessThan(columnsFor([dated], false).minWidthPx);
});
