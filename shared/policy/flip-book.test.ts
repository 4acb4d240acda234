import { expect, test } from 'vitest';
import type { Policy } from '../model/policy.ts';
import { createFlipBook } from './flip-book.ts';
import { aFlow } from './testing/a-flow.ts';
import { aHost, hostId, anIpList, aPolicy, aRule, aService, aZone } from './testing/builders.ts';

const HOSTS = [aHost({ n: 1, labels: 'app=shop,role=web' }), aHost({ n: 2, labels: 'app=shop,role=db' })];
const TODAY = { nowMs: Date.UTC(2026, 0, 15) };

/** web → db on 5432 and on 22, as db saw it. */
const FLOWS = [aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1', port: 5432, connections: 10 }), aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1', port: 9100, connections: 3 })];

function flip(before: Partial<Policy>, after: Partial<Policy>) {
  const book = createFlipBook(aPolicy({ zones: [aZone()], ...before }), aPolicy({ zones: [aZone()], ...after }), HOSTS, TODAY);
  for (const flow of FLOWS) book.add(flow);
  return book.report();
}

const count = (change: string, connections: number) => ({ change, flows: 1, connections });

test('a change that nothing else touches flips what it flips, and one that was not there flips nothing', () => {
  const report = flip({ rules: [aRule({ n: 1 })] }, { rules: [aRule({ n: 2, services: 'tcp/9100' }), aRule({ n: 3, services: 'tcp/1' })] });
  expect(report).toMatchObject({ together: [], eitherWay: [], flows: 2 });
  expect(report.changes.map(({ name, flips }) => [name.slice(-1), flips])).toEqual([
    ['2', [count('blocked-to-allowed', 3)]],
    ['3', []],
    ['1', [count('allowed-to-blocked', 10)]],
  ]);
});

test('what two rules do, each of them alone, is no single one’s doing, and is said so', () => {
  const report = flip({}, { rules: [aRule({ n: 1 }), aRule({ n: 2, from: 'host:h1' })] });
  expect(report.changes.map(({ flips }) => flips)).toEqual([[], []]);
  expect(report.eitherWay).toEqual([count('blocked-to-allowed', 10)]);
});

test('what only comes of two changes together names both', () => {
  const before = { zones: [aZone({ mode: 'observe' })], rules: [aRule({ n: 1 })] };
  const report = flip(before, { rules: [aRule({ n: 1 }), aRule({ n: 2, action: 'deny' })] });
  expect(report.together).toEqual([{ changes: ['zone shop', 'rule r_000000000002'], flips: [count('allowed-to-blocked', 10)] }]);
  // 9100 is the zone's alone.
  expect(report.changes.find(({ what }) => what === 'zone')?.flips).toEqual([{ change: 'allowed-to-blocked', flows: 2, connections: 13 }]);
});

test('two changes that undo each other both show, though nothing flips in all', () => {
  const report = flip({ rules: [aRule({ n: 1 })] }, { rules: [aRule({ n: 2 })] });
  expect(report.changes.map(({ name, flips }) => [name.slice(-1), flips])).toEqual([
    ['2', [count('blocked-to-allowed', 10)]],
    ['1', []],
  ]);
  expect([report.together, report.eitherWay]).toEqual([[], []]);
});

test('what others need is not judged by itself, and says why; a list that was narrowed is', () => {
  const added = flip({}, { services: [aService('pg', 'tcp/5432')], rules: [aRule({ n: 1, services: 'pg' })] });
  expect(added.changes.find(({ what }) => what === 'service')).toMatchObject({ flips: null, note: 'not judged by itself: 1 rule of the draft names it; see there' });
  const removed = flip({ services: [aService('pg', 'tcp/5432')], rules: [aRule({ n: 1, services: 'pg' })] }, {});
  expect(removed.changes.find(({ what }) => what === 'rule')).toMatchObject({ flips: null, note: expect.stringContaining('names what the draft has removed') });
  const rules = [aRule({ n: 1, from: 'iplist:office' })];
  const narrowed = flip({ ipLists: [anIpList('office', ['10.0.0.0/24'])], rules }, { ipLists: [anIpList('office', ['10.0.1.0/24'])], rules });
  expect(narrowed.changes).toMatchObject([{ what: 'iplist', name: 'office', flips: [count('allowed-to-blocked', 10)] }]);
});

test('the order of zones is a change like any other; policy tests are none', () => {
  const [strict, open] = [aZone(), aZone({ name: 'all', select: 'app=shop', mode: 'observe' })];
  const test = { expect: 'deny' as const, from: { kind: 'any' as const }, to: { kind: 'any' as const }, service: { kind: 'any' as const } };
  const report = flip({ zones: [open, strict] }, { zones: [strict, open], tests: [test] });
  expect(report.changes).toMatchObject([{ what: 'zone-order', flips: [{ change: 'allowed-to-blocked', flows: 2 }] }]);
});

test('flows that differ only in verdict and version are one, with the connections of both', () => {
  const book = createFlipBook(aPolicy({ zones: [aZone()] }), aPolicy({ zones: [aZone()], rules: [aRule()] }), HOSTS, TODAY);
  for (const verdict of ['accepted', 'blocked'] as const) book.add(aFlow({ reporter: hostId(2), peerAddress: '10.0.0.1', port: 5432, connections: 4, verdict }));
  expect(book.report().changes[0]?.flips).toEqual([count('blocked-to-allowed', 8)]);
});
