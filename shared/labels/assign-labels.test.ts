import { describe, expect, test } from 'vitest';
import { hostId } from '../policy/testing/builders.ts';
import { assignLabels, type LabelBook } from './assign-labels.ts';
import { checkLabelRule } from './check-label-rule.ts';
import { acceptClaims, listPending, moveLabelRule, nextClaims, putLabelRule, removeLabelRule } from './edit-labels.ts';
import { compareLabels, previewLabels, printLabelChange } from './preview-labels.ts';
import type { LabelHost } from './match-label-rule.ts';
import { aHost, aZone } from '../policy/testing/builders.ts';
import { aLabelHost, aLabelRule, labelRuleId, listensOn, saidFacts } from './testing/a-label-rule.ts';

const EDITOR = { by: 'ada', atMs: 5 };
const EMPTY: LabelBook = { rules: [], claims: [] };
const put = (book: LabelBook, rule: LabelBook['rules'][number], hosts: readonly LabelHost[], accept: number[] = []) => putLabelRule(book, rule, { index: null, accept: accept.map(hostId), hosts, ...EDITOR });
const labelsOf = (book: LabelBook, host: LabelHost) => assignLabels(book, [host]).get(host.id)?.labels;

describe('labels of a host', () => {
  test('are those set by hand, then of the first rule that gives the key; whoever did not win is said', () => {
    const host = aLabelHost({ name: 'prod-db-1', labels: 'app=shop' });
    const rules = [aLabelRule({ n: 1, names: '{env}-{role}-#', labels: 'env={env},role={role}' }), aLabelRule({ n: 2, names: '*db*', labels: 'role=database,app=crm,env=prod' })];
    expect(assignLabels({ rules, claims: [] }, [host]).get(host.id)).toEqual({
      labels: { role: 'db', app: 'shop', env: 'prod' },
      rules: [labelRuleId(1), labelRuleId(2)],
      entries: [
        { key: 'role', value: 'db', source: { kind: 'rule', rule: labelRuleId(1), number: 1, by: 'inventory', because: 'its name fits “{env}-{role}-#”' }, disagrees: [{ rule: labelRuleId(2), number: 2, value: 'database' }] },
        { key: 'app', value: 'shop', source: { kind: 'hand' }, disagrees: [{ rule: labelRuleId(2), number: 2, value: 'crm' }] },
        { key: 'env', value: 'prod', source: { kind: 'rule', rule: labelRuleId(1), number: 1, by: 'inventory', because: 'its name fits “{env}-{role}-#”' }, disagrees: [] },
      ],
    });
  });

  test('all conditions of a rule must hold, and one alternative of each', () => {
    const rule = aLabelRule({ names: 'db-*, pg-*', networks: '10.1.0.0/16, fd00::/8' });
    const has = (name: string, ...entered: string[]) => labelsOf({ rules: [rule], claims: [] }, aLabelHost({ name, entered }));
    expect([has('pg-1', '10.2.0.1', 'fd00::1'), has('pg-1', '10.2.0.1'), has('web-1', '10.1.0.1'), has('db-1')]).toEqual([{ role: 'db' }, {}, {}, {}]);
  });

  test('a value that would be too long for a label is no label', () => {
    const rule = aLabelRule({ names: '{x}', labels: 'role={x}-{x},app=shop' });
    expect(labelsOf({ rules: [rule], claims: [] }, aLabelHost({ name: 'a'.repeat(40) }))).toEqual({ app: 'shop' });
  });
});

describe('what a host says', () => {
  const rule = aLabelRule({ facts: 'listens=tcp/5432' });
  const before = aLabelHost({ n: 1 });
  const after = aLabelHost({ n: 1, said: listensOn(5432) });

  test('gives no label until somebody accepts it', () => {
    const book = put(EMPTY, rule, [after]);
    expect(labelsOf(book, after)).toEqual({});
    expect(listPending(book, [after]).map(({ claim }) => claim)).toEqual([{ rule: rule.id, host: after.id, holds: true, because: 'it says that it listens on tcp/5432', accepted: null }]);
    const accepted = acceptClaims(book, [{ rule: rule.id, host: after.id }], EDITOR);
    expect([labelsOf(accepted, after), listPending(accepted, [after])]).toEqual([{ role: 'db' }, []]);
  });

  test('takes no label away either, until somebody accepts that', () => {
    const accepted = put(EMPTY, rule, [after], [1]);
    const gone = { ...accepted, claims: nextClaims(accepted, { ...before, said: listensOn(22) }) };
    expect(labelsOf(gone, before)).toEqual({ role: 'db' });
    expect(listPending(gone, [before]).map(({ claim: { holds }, before: now, after: then }) => [holds, now.labels, then.labels])).toEqual([[false, { role: 'db' }, {}]]);
    expect(labelsOf(acceptClaims(gone, [{ rule: rule.id, host: before.id }], EDITOR), before)).toEqual({});
    // Back again before anybody looked: nothing was lost, and nothing waits.
    expect(listPending({ ...gone, claims: nextClaims(gone, after) }, [after])).toEqual([]);
  });

  test('also when it is an address: only those that people entered are taken at their word', () => {
    const inDmz = aLabelRule({ networks: '10.9.0.0/24', labels: 'loc=dmz' });
    const liar = aLabelHost({ n: 1, entered: ['10.1.0.1'], said: saidFacts({ addresses: ['10.9.0.7'] }) });
    const known = aLabelHost({ n: 2, entered: ['10.9.0.8'], said: saidFacts({ addresses: ['10.1.0.2'] }) });
    const book = put(EMPTY, inDmz, [liar, known]);
    expect([labelsOf(book, liar), labelsOf(book, known)]).toEqual([{}, { loc: 'dmz' }]);
    expect(listPending(book, [liar, known]).map(({ claim }) => claim.because)).toEqual(['it says that its address is 10.9.0.7']);
  });

  test('does not wait for a look where it would change nothing', () => {
    const host = aLabelHost({ labels: 'role=web', said: listensOn(5432) });
    expect(listPending(put(EMPTY, rule, [host]), [host])).toEqual([]);
  });

  test('has to be looked at again when the conditions change, and not when the labels or the note do', () => {
    const accepted = put(EMPTY, rule, [after], [1]);
    expect(labelsOf(put(accepted, aLabelRule({ facts: 'listens=tcp/5432', labels: 'role=pg', note: 'as agreed' }), [after]), after)).toEqual({ role: 'pg' });
    expect(labelsOf(put(accepted, aLabelRule({ facts: 'listens=tcp/5000-6000' }), [after]), after)).toEqual({});
  });

  test('accepting names a host that does not say so: it stays without the label', () => {
    expect(labelsOf(put(EMPTY, rule, [before], [1]), before)).toEqual({});
  });

  test('values of a fact are alternatives, facts must all hold', () => {
    const both = aLabelRule({ facts: 'os=debian|ubuntu, process=postgres*' });
    const host = (process: string[]) => aLabelHost({ said: saidFacts({ texts: { os: ['Ubuntu'], process } }) });
    expect([put(EMPTY, both, [host(['postgres: writer'])]).claims.length, put(EMPTY, both, [host(['mysqld'])]).claims.length]).toEqual([1, 0]);
  });
});

test('rules move within the list and take their claims along when they go', () => {
  const host = aLabelHost({ said: listensOn(1, 2, 3) });
  const book = [1, 2, 3].reduce((made, n) => put(made, aLabelRule({ n, facts: `listens=tcp/${n}`, labels: `role=r${n}` }), [host], [1]), EMPTY);
  const order = (of: LabelBook) => of.rules.map(({ id }) => Number(id.slice(2)));
  expect([order(moveLabelRule(book, labelRuleId(3), 0)), order(moveLabelRule(book, labelRuleId(1), 99)), order(moveLabelRule(book, labelRuleId(9), 0))]).toEqual([[3, 1, 2], [2, 3, 1], [1, 2, 3]]);
  expect(labelsOf(moveLabelRule(book, labelRuleId(3), 0), host)).toEqual({ role: 'r3' });
  expect(removeLabelRule(book, labelRuleId(1)).claims.map((claim) => claim.rule)).toEqual([labelRuleId(2), labelRuleId(3)]);
});

test('a rule needs a condition and a label, and its words must be found by every pattern', () => {
  expect(checkLabelRule(aLabelRule({ labels: '' })).map(({ path }) => path)).toEqual(['names', 'labels']);
  expect(checkLabelRule(aLabelRule({ names: '{env}-*, *', labels: 'env={env}' }))).toEqual([{ path: 'labels', message: 'env={env} takes over {env}, which the name pattern “*” does not find' }]);
  expect(checkLabelRule(aLabelRule({ facts: 'os=debian', labels: 'env={env}' }))).toEqual([{ path: 'labels', message: 'env={env} takes over {env}, but there is no name pattern that finds it' }]);
  expect(checkLabelRule(aLabelRule({ names: '{a}-{a}' }))).toEqual([{ path: 'names', message: '“{a}-{a}” finds {a} twice; call one of them otherwise' }]);
  expect(checkLabelRule(aLabelRule({ names: '{env}-*', labels: 'env={env}' }))).toEqual([]);
});

test('a preview says which labels change, who moves to which zone, and how the zones are set', () => {
  const fleet = [aHost({ n: 1, labels: 'app=shop' }), aHost({ n: 2 }), aHost({ n: 3, labels: 'app=shop' })];
  const zones = [aZone({ name: 'shop', select: 'app=shop', mode: 'enforce' }), aZone({ name: 'rest', select: 'app!=shop', mode: 'observe' })];
  expect(previewLabels({ zones }, fleet, new Map([[hostId(1), { app: 'crm' }], [hostId(2), { role: 'web', app: 'shop' }]]))).toEqual({
    changes: [{ host: 'h1', key: 'app', before: 'shop', after: 'crm' }, { host: 'h2', key: 'role', before: null, after: 'web' }, { host: 'h2', key: 'app', before: null, after: 'shop' }],
    moves: [{ host: 'h1', from: 'shop', to: 'rest' }, { host: 'h2', from: 'rest', to: 'shop' }],
    zones: [{ zone: 'shop', mode: 'enforce', joins: 1, leaves: 1 }, { zone: 'rest', mode: 'observe', joins: 1, leaves: 1 }],
  });
  expect(compareLabels('h', { a: '1', b: '1' }, { b: '2', c: '1' }).map(printLabelChange)).toEqual(['-a=1', 'b=1 → 2', '+c=1']);
});
