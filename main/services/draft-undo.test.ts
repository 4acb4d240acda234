import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Policy, Rule } from '../../shared/model/policy.ts';
import { aClosure, aRule, expectParsed } from '../../shared/policy/testing/builders.ts';
import { parseSelectorSet } from '../../shared/text/selector-text.ts';
import { loadDraft, saveDraft } from '../db/draft-store.ts';
import { ensureVersion } from './versions.ts';
import { editDraftWithin, readDraft } from './draft.ts';
import { addTestHost, makeBackend, type TestBackend } from './testing/test-backend.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
});
afterEach(() => at.close());

const newRule = (input: Parameters<typeof aRule>[0] = {}): Omit<Rule, 'id'> => {
  const { id: _id, ...rule } = aRule(input);
  return rule;
};
const addRule = async (input: Parameters<typeof aRule>[0] = {}): Promise<Rule> => {
  const [rule] = await at.client.policy.addRules({ rules: [newRule(input)] });
  if (rule === undefined) throw new Error('no rule was added');
  return rule;
};
const addZone = (name: string) => at.client.policy.addZone({ name, select: expectParsed(parseSelectorSet('role=web')), outbound: 'open', note: '' });
const draft = async (): Promise<Policy> => (await at.client.policy.get({})).policy;
const history = () => at.client.policy.draftHistory({});
const undo = async () => at.client.policy.undo({ revision: (await history()).revision });
const redo = async () => at.client.policy.redo({ revision: (await history()).revision });
const names = async () => {
  const { undo: back, redo: forth } = await history();
  return [back.map((step) => step.text), forth.map((step) => step.text)];
};

test('every edit of the draft can be taken back and done again, to the byte', async () => {
  const states = [await draft()];
  const rule = await addRule({ reason: 'a 😀 reason' });
  states.push(await draft());
  await addZone('front');
  states.push(await draft());
  await at.client.policy.updateRule({ ...rule, action: 'deny', reason: 'a 😁 reason' });
  states.push(await draft());
  await at.client.policy.removeRule({ id: rule.id });
  states.push(await draft());
  for (const state of states.toReversed().slice(1)) {
    await undo();
    expect(await draft()).toEqual(state);
  }
  for (const state of states.slice(1)) {
    await redo();
    expect(await draft()).toEqual(state);
  }
});

test('a step is named by what it did, and says who did it', async () => {
  const rule = await addRule();
  await addZone('front');
  await undo();
  expect(await names()).toEqual([[`add rule ${rule.id}`], ['add zone front']]);
  expect((await history()).undo[0]).toMatchObject({ actor: 'ada', atMs: at.clock.nowMs });
});

test('a new edit ends what could be done again', async () => {
  await addZone('front');
  await undo();
  const rule = await addRule();
  expect(await names()).toEqual([[`add rule ${rule.id}`], []]);
  await expect(redo()).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO', data: { way: 'redo' } });
});

test('with nothing to take back it is refused, and nothing is written', async () => {
  await expect(undo()).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO', data: { way: 'undo' } });
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]?.action).toBe('hosts.add');
});

test('whoever has not seen the newest edit cannot take it back', async () => {
  await addZone('front');
  const { revision } = await history();
  await addRule();
  await expect(at.client.policy.undo({ revision })).rejects.toMatchObject({ code: 'DRAFT_CHANGED', data: { seen: revision, current: revision + 1 } });
  expect((await draft()).rules).toHaveLength(1);
});

test('edits of several rules are one step, all or none, and audited', async () => {
  const rules = [await addRule({ n: 1 }), await addRule({ n: 2 })];
  await at.client.policy.updateRules({ rules: rules.map((rule) => ({ ...rule, owner: 'bob' })) });
  expect((await draft()).rules.map((rule) => rule.owner)).toEqual(['bob', 'bob']);
  await expect(at.client.policy.updateRules({ rules: rules.map((rule, i) => ({ ...rule, owner: 'eve', reviewOn: i === 1 ? '2026-02-31' : null })) })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    data: { issues: [{ path: 'rules.1.reviewOn' }] },
  });
  await undo();
  expect((await draft()).rules.map((rule) => rule.owner)).toEqual(['', '']);
  await at.client.policy.removeRules({ ids: rules.map((rule) => rule.id) });
  await undo();
  expect((await draft()).rules).toEqual(rules);
  expect((await at.client.audit.list({ limit: 1, beforeSeq: null }))[0]).toMatchObject({ action: 'policy.undo', actor: 'ada', detail: 'remove 2 rules' });
});

test('an edit that changes nothing is no step', async () => {
  const rule = await addRule();
  await at.client.policy.updateRule(rule);
  expect((await history()).undo).toHaveLength(1);
});

test('a version that is made meanwhile ends no history', async () => {
  await addZone('front');
  at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, 'first'));
  await undo();
  expect((await draft()).zones).toEqual([]);
  expect((await at.client.versions.list({})).length).toBe(1);
});

test('the evidence of a zone’s mode goes and comes with it', async () => {
  await addZone('front');
  const blockers = (await at.client.policy.readiness({ name: 'front', mode: 'test' })).filter((c) => c.state === 'blocker');
  await at.client.policy.setZoneMode({ name: 'front', mode: 'test', waivers: blockers.map(({ check }) => ({ check, reason: 'a lab' })) });
  const read = () => at.backend.workspace.read.one('SELECT evidence_json AS text FROM draft');
  const evidence = read();
  await undo();
  expect([(await draft()).zones[0]?.mode, read()]).toEqual(['observe', { text: '{}' }]);
  await redo();
  expect([(await draft()).zones[0]?.mode, read()]).toEqual(['test', evidence]);
});

const contain = () =>
  at.backend.workspace.transaction((tx) =>
    editDraftWithin(at.backend, tx, { action: 'containments.start', subject: 'c', detail: '' }, (policy) => ({ policy: { ...policy, containments: [aClosure({ zone: 'front' })] }, result: undefined })),
  );

test('a containment is no step, and stays whatever is taken back', async () => {
  await addZone('front');
  const rule = await addRule();
  contain();
  await undo();
  expect([(await draft()).rules, (await draft()).containments]).toEqual([[], [aClosure({ zone: 'front' })]]);
  await redo();
  expect([(await draft()).rules, (await draft()).containments]).toEqual([[rule], [aClosure({ zone: 'front' })]]);
});

test('what a containment needs is not taken back', async () => {
  await addZone('front');
  contain();
  await expect(undo()).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ message: expect.stringContaining('release that first') }] } });
  expect((await draft()).zones.map((zone) => zone.name)).toEqual(['front']);
});

test('steps that no longer fit, because another program wrote the draft, are refused and end with the next edit', async () => {
  await addZone('front');
  at.backend.workspace.transaction((tx) => {
    const { policy } = loadDraft(tx);
    saveDraft(tx, { ...policy, zones: policy.zones.map((zone) => ({ ...zone, note: 'theirs' })) }, 1);
  });
  await expect(undo()).rejects.toMatchObject({ code: 'NOTHING_TO_UNDO' });
  const rule = await addRule();
  expect(await names()).toEqual([[`add rule ${rule.id}`], []]);
});

test('the newest 200 steps are kept', async () => {
  const rule = await addRule();
  for (let i = 0; i < 205; i += 1) await at.client.policy.updateRule({ ...rule, reason: `edit ${i}` });
  const { undo: steps } = await history();
  expect([steps.length, steps[0]?.text]).toEqual([200, `change rule ${rule.id}`]);
});
