import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LabelEdit } from '../../shared/contract/label-rules.ts';
import { aLabelRule } from '../../shared/labels/testing/a-label-rule.ts';
import { aRule, aZone } from '../../shared/policy/testing/builders.ts';
import { recordFacts } from './agent-record.ts';
import { listChosenHosts } from './find-host.ts';
import { someFacts } from './testing/some-facts.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'prod-web-1', 'app=shop');
  await addTestHost(at.client, 2, 'prod-db-1');
  await addTestHost(at.client, 3, 'dev-db-1', 'env=test');
});
afterEach(() => at.close());

const edit = (rule: Parameters<typeof aLabelRule>[0], more: { id?: string; accept?: string[]; position?: number } = {}): LabelEdit => {
  const { id: _id, ...fields } = aLabelRule(rule);
  const id = more.id === undefined ? null : aLabelRule().id;
  return { kind: 'put', id, rule: fields, position: more.position ?? null, accept: more.accept ?? [] };
};
const put = async (...args: Parameters<typeof edit>) => {
  const { rules } = await at.client.labelRules.apply(edit(...args));
  const made = rules.at(-1);
  if (made === undefined) throw new Error('the rule was not added');
  return made;
};
/** A host says something new, later than all before. */
const says = (name: string, facts: Parameters<typeof someFacts>[0]) => {
  at.clock.nowMs += 1000;
  recordFacts(at.backend, at.hostId(name), someFacts(facts));
};
const labelsOf = async (name: string) => (await at.client.hosts.get({ name })).labels;
const audit = async () => (await at.client.audit.list({ limit: 1, beforeSeq: null }))[0];

describe('a label rule', () => {
  test('labels hosts wherever labels are read: lists, selectors, zones, and the hosts of a command', async () => {
    await at.client.policy.addZone({ name: 'prod', select: aZone({ select: 'env=prod' }).select, outbound: 'open', note: '' });
    await put({ names: '{env}-{role}-#', labels: 'env={env},role={role}' });
    expect((await at.client.hosts.list({})).map(({ name, labels, handLabels, zone }) => [name, labels, handLabels, zone])).toEqual([
      ['dev-db-1', { role: 'db', env: 'test' }, { env: 'test' }, null],
      ['prod-db-1', { role: 'db', env: 'prod' }, {}, 'prod'],
      ['prod-web-1', { role: 'web', app: 'shop', env: 'prod' }, { app: 'shop' }, 'prod'],
    ]);
    expect(await at.client.policy.matches({ peer: { kind: 'selector', select: aZone({ select: 'role=db' }).select } })).toEqual(['dev-db-1', 'prod-db-1']);
    expect(listChosenHosts(at.backend, { kind: 'selector', select: aZone({ select: 'role=web' }).select }).map(({ name }) => name)).toEqual(['prod-web-1']);
    expect((await at.client.labelRules.ofHost({ name: 'dev-db-1' })).entries.map(({ key, source, disagrees }) => [key, source.kind, disagrees.map(({ number, value }) => [number, value])])).toEqual([
      ['role', 'rule', []],
      ['env', 'hand', [[1, 'dev']]],
    ]);
  });

  test('is previewed with counts of zones, and the preview changes nothing', async () => {
    await at.client.policy.addZone({ name: 'db', select: aZone({ select: 'role=db' }).select, outbound: 'open', note: '' });
    const preview = await at.client.labelRules.preview(edit({ names: '*-db-*', labels: 'role=db env=prod' }));
    expect(preview).toMatchObject({
      hosts: ['dev-db-1', 'prod-db-1'],
      changes: [{ host: 'dev-db-1', key: 'role' }, { host: 'prod-db-1', key: 'role' }, { host: 'prod-db-1', key: 'env', before: null, after: 'prod' }],
      moves: [{ host: 'dev-db-1', from: null, to: 'db' }, { host: 'prod-db-1', from: null, to: 'db' }],
      zones: [{ zone: 'db', mode: 'observe', joins: 2, leaves: 0 }],
      notes: ['env stays as it was set by hand on dev-db-1.'],
    });
    expect([(await at.client.labelRules.list({})).rules, await labelsOf('prod-db-1'), (await audit())?.action]).toEqual([[], {}, 'policy.addZone']);
  });

  test('is changed, moved and removed, each with an audit entry, and the first rule wins', async () => {
    const first = await put({ names: 'prod-*', labels: 'role=a' });
    const second = await put({ names: '*-db-*', labels: 'role=b' });
    expect(await labelsOf('prod-db-1')).toEqual({ role: 'a' });
    await at.client.labelRules.apply({ kind: 'move', id: second.id, position: 1 });
    expect([await labelsOf('prod-db-1'), await audit()]).toMatchObject([{ role: 'b' }, { action: 'labelRules.move', subject: second.id, detail: 'to place 1', actor: 'ada' }]);
    const { id: _id, ...fields } = aLabelRule({ names: '*-db-*', labels: 'role=c' });
    await at.client.labelRules.apply({ kind: 'put', id: second.id, rule: fields, position: null, accept: [] });
    expect([await labelsOf('prod-db-1'), await audit()]).toMatchObject([{ role: 'c' }, { action: 'labelRules.change', detail: 'role=c where name *-db-*' }]);
    await at.client.labelRules.apply({ kind: 'remove', id: second.id });
    expect([await labelsOf('prod-db-1'), await audit()]).toMatchObject([{ role: 'a' }, { action: 'labelRules.remove', subject: second.id }]);
    expect((await at.client.labelRules.list({})).rules).toMatchObject([{ id: first.id, number: 1, hosts: ['prod-db-1', 'prod-web-1'] }]);
  });

  test('that says nothing sound is refused with what to do, and one that is gone is not found', async () => {
    await expect(at.client.labelRules.apply(edit({ labels: 'role={role}' }))).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'names' }, { path: 'labels' }] } });
    await expect(at.client.labelRules.apply({ kind: 'remove', id: aLabelRule().id })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { what: 'label rule' } });
    await expect(at.client.labelRules.preview(edit({ names: '*' }, { accept: ['nobody'] }))).rejects.toMatchObject({ code: 'NOT_FOUND', data: { what: 'host' } });
  });

  test('survives the removal of a host, whose claims go with it', async () => {
    await put({ facts: 'listens=tcp/5432' });
    says('prod-db-1', { ports: [5432] });
    await at.client.hosts.remove({ name: 'prod-db-1', force: false });
    expect(await at.client.labelRules.list({})).toMatchObject({ rules: [{ hosts: [] }], waiting: [] });
  });
});

describe('what a host says about itself', () => {
  test('waits for a look, is audited as the host’s word, and counts once it is accepted', async () => {
    const rule = await put({ facts: 'listens=tcp/5432' });
    says('prod-db-1', { ports: [5432] });
    expect(await audit()).toMatchObject({ actor: 'host:prod-db-1', action: 'labelRules.claim', subject: 'prod-db-1', detail: 'label rule 1: +role=db waits to be accepted, because it says that it listens on tcp/5432' });
    const before = (await at.client.audit.list({ limit: 50, beforeSeq: null })).length;
    says('prod-db-1', { ports: [5432, 22] });
    expect((await at.client.audit.list({ limit: 50, beforeSeq: null })).length).toBe(before);
    expect([await labelsOf('prod-db-1'), (await at.client.labelRules.list({})).waiting]).toMatchObject([{}, [{ rule: rule.id, number: 1, hostName: 'prod-db-1', holds: true, changes: [{ key: 'role', before: null, after: 'db' }] }]]);
    await at.client.labelRules.apply({ kind: 'accept', claims: [{ rule: rule.id, hostName: 'prod-db-1', holds: true }] });
    expect([await labelsOf('prod-db-1'), await audit()]).toMatchObject([{ role: 'db' }, { actor: 'ada', action: 'labelRules.accept', subject: 'prod-db-1' }]);
    expect((await at.client.labelRules.ofHost({ name: 'prod-db-1' })).entries).toMatchObject([{ key: 'role', source: { by: 'host', because: 'it says that it listens on tcp/5432' } }]);
  });

  test('cannot take it out of a zone: a label that it no longer earns stays until that is accepted', async () => {
    await at.client.policy.addZone({ name: 'db', select: aZone({ select: 'role=db' }).select, outbound: 'open', note: '' });
    says('prod-db-1', { ports: [5432] });
    const rule = await put({ facts: 'listens=tcp/5432' }, { accept: ['prod-db-1', 'dev-db-1'] });
    expect(rule.hosts).toEqual(['prod-db-1']);
    says('prod-db-1', { ports: [] });
    expect(await at.client.hosts.get({ name: 'prod-db-1' })).toMatchObject({ labels: { role: 'db' }, zone: 'db' });
    const [waiting] = (await at.client.labelRules.list({})).waiting;
    expect(waiting).toMatchObject({ holds: false, changes: [{ key: 'role', before: 'db', after: null }] });
    const accept = { kind: 'accept' as const, claims: [{ rule: rule.id, hostName: 'prod-db-1', holds: false }] };
    expect(await at.client.labelRules.preview(accept)).toMatchObject({ moves: [{ host: 'prod-db-1', from: 'db', to: null }], zones: [{ zone: 'db', leaves: 1 }] });
    await at.client.labelRules.apply(accept);
    expect(await at.client.hosts.get({ name: 'prod-db-1' })).toMatchObject({ labels: {}, zone: null });
  });

  test('is accepted as it was shown or not at all', async () => {
    const rule = await put({ facts: 'listens=tcp/5432' });
    says('prod-db-1', { ports: [5432] });
    says('prod-db-1', { ports: [] });
    await expect(at.client.labelRules.apply({ kind: 'accept', claims: [{ rule: rule.id, hostName: 'prod-db-1', holds: true }] })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await labelsOf('prod-db-1')).toEqual({});
  });

  test('is what the preview of a new rule lists apart, and an address that several report is named', async () => {
    says('prod-db-1', { addresses: ['10.5.0.9'] });
    says('dev-db-1', { addresses: ['10.5.0.9'] });
    const rule = { networks: '10.5.0.0/16', labels: 'loc=dmz' };
    expect(await at.client.labelRules.preview(edit(rule))).toMatchObject({ hosts: [], changes: [], waiting: [{ hostName: 'dev-db-1' }, { hostName: 'prod-db-1', because: 'it says that its address is 10.5.0.9' }], notes: ['10.5.0.9 is reported by several hosts (dev-db-1, prod-db-1): look which of them it belongs to.'] });
    expect(await at.client.labelRules.preview(edit(rule, { accept: ['prod-db-1'] }))).toMatchObject({ hosts: ['prod-db-1'], changes: [{ host: 'prod-db-1', key: 'loc' }], waiting: [{ hostName: 'dev-db-1' }] });
  });

  test('is a finding where a rule lets its host out to others because of it', async () => {
    says('prod-db-1', { ports: [5432] });
    await put({ facts: 'listens=tcp/5432' }, { accept: ['prod-db-1'] });
    const { id: _id, ...rule } = aRule({ from: 'role=db', to: 'app=shop' });
    await at.client.policy.addRules({ rules: [rule] });
    const { findings } = await at.client.policy.lint({ file: null, days: 30 });
    expect(findings.find(({ code }) => code === 'RULE_TRUSTS_FACTS')?.evidence).toBe('1 host of its consumers has the labels of role=db because of what they said about themselves, and somebody accepted it: prod-db-1.');
  });
});
