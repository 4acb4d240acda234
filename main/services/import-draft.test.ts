import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportChoice } from '../../shared/contract/policy-files.ts';
import type { RuleId } from '../../shared/model/ids.ts';
import { aRule, expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { readDraft } from './draft.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';
import { ensureVersion } from './versions.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
});
afterEach(() => at.close());

const exported = async () => (await at.client.policy.exportText({})).text;
const imports = (text: string, take: ImportChoice = 'merge', dryRun = false) => at.client.policy.importText({ text, fileName: 'shop.yaml', take, dryRun });
const push = (note: string) => at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, note).id);
const rules = () => readDraft(at.backend).policy.rules;

async function addRule(services: string): Promise<RuleId> {
  const { id: _id, ...rule } = aRule({ services });
  const [added] = await at.client.policy.addRules({ rules: [rule] });
  if (added === undefined) throw new Error('no rule was added');
  return added.id;
}
const setOwner = async (id: RuleId, owner: string) => {
  const rule = rules().find((each) => each.id === id);
  if (rule === undefined) throw new Error(`there is no rule ${id}`);
  await at.client.policy.updateRule({ ...rule, owner });
};

describe('comments', () => {
  test('written by hand come back with the export, through edits of other objects, a version and its restoring', async () => {
    const first = await addRule('tcp/5432');
    const text = (await exported()).replace(`  - id: ${first}`, `  # the shop’s own database\n  - id: ${first}`).replace('tcp/5432]', 'tcp/5432] # until the move');
    expect((await imports(text)).changes).toEqual([]);
    const commented = await exported();
    expect(commented.replace(/^# base: .*\n/m, '')).toBe(text.replace(/^# base: .*\n/m, ''));
    const version = push('first');
    const second = await addRule('tcp/6379');
    expect(await exported()).toContain('# the shop’s own database');
    await at.client.policy.removeRule({ id: first });
    expect(await exported()).not.toContain('# the shop’s own database');
    await at.client.policy.importText({ text: 'firebreak: 1\n', dryRun: false });
    await at.client.versions.restore({ id: version });
    expect([await exported(), rules().some((rule) => rule.id === second)]).toEqual([commented, false]);
  });

  test('a file goes round with its comments without changing a byte', async () => {
    await imports('# ours\nfirebreak: 1\n\n# people\nrules:\n  - {action: allow, from: any, to: role=web, services: tcp/443} # the world\n# end\n');
    const text = await exported();
    expect(text).toContain('# ours');
    await imports(text);
    expect(await exported()).toBe(text);
  });
});

describe('a file that was exported before the draft moved', () => {
  test('brings its own edits, and the draft keeps its', async () => {
    const [a, b] = [await addRule('tcp/1'), await addRule('tcp/2')];
    const file = (await exported()).replace('[tcp/1]', '[tcp/11]');
    await setOwner(b, 'ben');
    const c = await addRule('tcp/3');
    const result = await imports(file);
    expect([result.how, result.changes.map((row) => [row.change, row.name])]).toEqual(['merged', [['changed', a]]]);
    expect(rules().map((rule) => [rule.id, rule.owner])).toEqual([
      [a, ''],
      [b, 'ben'],
      [c, ''],
    ]);
    expect(await exported()).toContain('[tcp/11]');
  });

  test('that changed what the draft changed too is refused with both sides, and takes a side when told', async () => {
    const a = await addRule('tcp/1');
    const file = (await exported()).replace('[tcp/1]', '[tcp/11]');
    await setOwner(a, 'ada');
    const before = readDraft(at.backend).policy;
    for (const dryRun of [true, false])
      await expect(imports(file, 'merge', dryRun)).rejects.toMatchObject({
        code: 'MERGE_CONFLICT',
        data: {
          file: 'shop.yaml',
          conflicts: [{ what: 'rule', name: a, line: 7, base: 'allow role=web → role=db on tcp/1', draft: 'allow role=web → role=db on tcp/1; owner ada', file: 'allow role=web → role=db on tcp/11' }],
        },
      });
    expect(readDraft(at.backend).policy).toEqual(before);
    await imports(file, 'ours');
    expect(readDraft(at.backend).policy).toEqual(before);
    await imports(file, 'theirs');
    expect(rules().map((rule) => [rule.owner, rule.services])).toEqual([['', aRule({ services: 'tcp/11' }).services]]);
  });

  test('that removes what the draft began to use is refused, whichever side is preferred', async () => {
    await at.client.policy.addZone({ name: 'front', select: expectParsed(parseSelectorSet('role=web')), outbound: 'open', note: '' });
    const file = (await exported()).replace(/zones:\n(?: {2}.*\n)+/, 'zones: []\n');
    const { id: _id, ...rule } = aRule({ to: 'zone:front' });
    await at.client.policy.addRules({ rules: [rule] });
    for (const take of ['merge', 'theirs'] as const) await expect(imports(file, take)).rejects.toMatchObject({ code: 'MERGE_CONFLICT', data: { conflicts: [{ what: 'rule', reason: expect.stringContaining('there is no zone “front”') }] } });
  });

  test('from a state that is not kept here is refused, unless it is to replace everything', async () => {
    await addRule('tcp/1');
    const file = (await exported()).replace(/^# base: .*$/m, '# base: 0123456789abcdef');
    await expect(imports(file)).rejects.toMatchObject({ code: 'MERGE_BASE_UNKNOWN', data: { file: 'shop.yaml', base: '0123456789abcdef' } });
    await addRule('tcp/2');
    expect((await imports(file, 'replace')).how).toBe('replaced');
    expect(rules()).toHaveLength(1);
  });
});

test('a rule without an id is made once, however often the file is imported', async () => {
  const file = 'firebreak: 1\nrules:\n  - {action: allow, from: role=web, to: role=db, services: tcp/1}\n  - {action: allow, from: role=web, to: role=db, services: tcp/1}\n';
  await imports(file);
  const ids = rules().map((rule) => rule.id);
  expect((await imports(file)).changes).toEqual([]);
  expect([new Set(ids).size, rules().map((rule) => rule.id)]).toEqual([2, ids]);
});

test('a host that is not there is an issue at its line', async () => {
  await expect(imports('firebreak: 1\nrules:\n  - {action: allow, from: any, to: host:db-9, services: any}\n')).rejects.toMatchObject({
    code: 'POLICY_FILE_INVALID',
    data: { file: 'shop.yaml', issues: [{ line: 3, column: 36, message: expect.stringContaining('db-9') }] },
  });
});

describe('a file can be tested and planned', () => {
  const file = (port: number) => `firebreak: 1\nzones:\n  - {name: db, select: role=db, mode: enforce}\nrules:\n  - {action: allow, from: role=web, to: role=db, services: tcp/${port}}\ntests:\n  - {expect: allow, from: role=web, to: role=db, service: tcp/5432}\n  - {expect: deny, from: role=gone, to: role=db, service: tcp/22}\n`;

  test('by its own rules and not the draft’s, which stays as it is', async () => {
    await addRule('tcp/5432');
    const { revision } = readDraft(at.backend);
    const result = await at.client.policy.testText({ text: file(5433), fileName: 'shop.yaml' });
    expect(result.broken.map(({ line, column, message }) => [line, column, message.replace(/:.*/, '')])).toEqual([
      [7, 5, 'role=web can reach role=db on tcp/5432'],
      [8, 5, 'role=gone cannot reach role=db on tcp/22'],
    ]);
    expect((await at.client.policy.testText({ text: file(5432) })).broken.map(({ line, message }) => [line, message])).toEqual([[8, 'role=gone cannot reach role=db on tcp/22: it covers no pair of addresses, so nothing was tested']]);
    expect(readDraft(at.backend).revision).toBe(revision);
  });

  test('as a push of it would be', async () => {
    await addRule('tcp/1');
    const plan = await at.client.pushes.planText({ text: file(5433), fileName: 'shop.yaml', zone: null });
    expect(plan.policyDiff.filter((row) => row.what === 'zone' || row.what === 'rule').map((row) => [row.change, row.what, row.after])).toEqual([
      ['added', 'zone', 'role=db; enforce; outbound open'],
      ['added', 'rule', 'allow role=web → role=db on tcp/5433'],
    ]);
    expect(plan.brokenTests).toHaveLength(2);
    expect(rules()).toHaveLength(1);
  });
});

describe('the history of a rule', () => {
  test('has its edits and the versions that changed it, with who and why, also when it is gone', async () => {
    const a = await addRule('tcp/1');
    await addRule('tcp/2');
    at.clock.nowMs += 1000;
    push('first');
    at.clock.nowMs += 1000;
    await setOwner(a, 'ada');
    at.clock.nowMs += 1000;
    push('second');
    at.clock.nowMs += 1000;
    await imports((await exported()).replace(new RegExp(`  - id: ${a}\\n(?: {4}.*\\n)+`), ''));
    at.clock.nowMs += 1000;
    push('third');
    const events = await at.client.policy.ruleHistory({ id: a });
    expect(events.map(({ by, version, what, note }) => [by, version, what, note.replace(/:.*/, '')])).toEqual([
      ['ada', null, 'edited', 'policy.addRules'],
      ['ada', 1, 'added', 'first'],
      ['ada', null, 'edited', 'policy.updateRule'],
      ['ada', 2, 'changed', 'second'],
      ['ada', null, 'edited', 'policy.importText'],
      ['ada', 3, 'removed', 'third'],
    ]);
    await expect(at.client.policy.ruleHistory({ id: aRule({ n: 77 }).id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test('says of each rule of the draft since which version it reads as it does', async () => {
    const [a, b] = [await addRule('tcp/1'), await addRule('tcp/2')];
    push('first');
    await setOwner(b, 'ben');
    push('second');
    const c = await addRule('tcp/3');
    await setOwner(a, 'ada');
    expect((await at.client.policy.blame({})).map(({ rule, version, by, note }) => [rule, version, by, note])).toEqual([
      [a, null, 'ada', ''],
      [b, 2, 'ada', 'second'],
      [c, null, 'ada', ''],
    ]);
  });
});
