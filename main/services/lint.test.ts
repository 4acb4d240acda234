import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Rule } from '../../shared/model/policy.ts';
import type { LintAct } from '../../shared/model/finding.ts';
import { performFix } from '../../shared/contract/perform-fix.ts';
import { aRule } from '../../shared/policy/testing/builders.ts';
import { printServiceRefs } from '../../shared/text/service-text.ts';
import { ensureVersion } from './versions.ts';
import { readDraft } from './draft.ts';
import { ingestDrain } from './ingest.ts';
import { snapshotLine } from './testing/snapshot-lines.ts';
import { addTestHost, makeBackend, TEST_NOW_MS, type TestBackend } from './testing/test-backend.ts';

const DAY_MS = 86_400_000;
let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web app=shop');
  await addTestHost(at.client, 2, 'db-1', 'role=db app=shop');
});
afterEach(() => at.close());

const newRule = (input: Parameters<typeof aRule>[0] = {}): Omit<Rule, 'id'> => {
  const { id: _id, ...rule } = aRule({ owner: 'dba', reason: 'orders', ...input });
  return rule;
};
const addRules = (...inputs: Parameters<typeof aRule>[0][]) => at.client.policy.addRules({ rules: inputs.map((input) => newRule(input)) });
const lint = (text: string | null = null) => at.client.policy.lint({ file: text === null ? null : { text, fileName: 'shop.yaml' }, days: 30 });
const codes = async () => (await lint()).findings.map(({ code }) => code);
/** Snapshots of db-1 from 40 days ago until now, the last of which counts one connection to tcp/5432. */
const observe = (peer: string) =>
  ingestDrain(at.backend, at.hostId('db-1'), [
    snapshotLine({ seq: 1, atMs: TEST_NOW_MS - 40 * DAY_MS, sets: {} }),
    ...Array.from({ length: 40 }, (_, i) => snapshotLine({ seq: i + 2, atMs: TEST_NOW_MS - (39 - i) * DAY_MS, sets: i === 39 ? { in4: [{ key: [peer, 'tcp', 5432, '77'], packets: 1, secondsAgo: 60 }] } : {} })),
  ]);

test('a rule is orphaned once its host was recorded long enough, and not when its traffic was seen', async () => {
  await addRules({}, { services: 'tcp/6379' });
  expect(await codes()).toEqual([]);
  expect(await lint()).toMatchObject({ unwatchedRules: 2, hosts: 2, watchedHosts: 0 });
  observe('10.0.0.1');
  const { findings, unwatchedRules } = await lint();
  expect(unwatchedRules).toBe(0);
  expect(findings.map(({ code, severity, subject }) => [code, severity, subject.text])).toEqual([['RULE_ORPHANED', 'info', 'allow role=web → role=db on tcp/6379']]);
});

test('an orphan that was pushed before the period is a warning', async () => {
  await addRules({ services: 'tcp/6379' });
  at.clock.nowMs = TEST_NOW_MS - 35 * DAY_MS;
  at.backend.workspace.transaction((tx) => ensureVersion(at.backend, tx, readDraft(at.backend).policy, ''));
  at.clock.nowMs = TEST_NOW_MS;
  observe('10.0.0.9');
  expect((await lint()).findings).toMatchObject([{ code: 'RULE_ORPHANED', severity: 'warning', evidence: expect.stringContaining('first pushed 2026-10-17') }]);
});

test('every act of a fix is done by an existing command, and the finding is gone afterwards', async () => {
  await at.client.policy.putService({ name: 'pg', entries: [{ kind: 'ports', protocol: 'tcp', from: 5432, to: 5432 }], note: '' });
  await addRules({ services: 'tcp/1-9' }, { services: 'tcp/5' }, { owner: '', services: 'tcp/9-12' });
  const kinds = new Set<LintAct['kind']>();
  for (let rounds = 0; rounds < 10; rounds++) {
    const act = (await lint()).findings[0]?.fix.act;
    if (!act) break;
    kinds.add(act.kind);
    await performFix(at.client, act, 'shop team');
  }
  expect(await codes()).toEqual([]);
  expect([...kinds].sort()).toEqual(['ask', 'change-rules', 'remove-rule', 'remove-service']);
  expect((await at.client.policy.get({})).policy.rules.map((rule) => [rule.owner, printServiceRefs(rule.services)])).toEqual([['dba', 'tcp/1-9'], ['shop team', 'tcp/10-12']]);
});

test('a fix leaves what it does not speak of: the user of a rule outlives a new review date', async () => {
  await addRules({ as: 'user:backup', action: 'deny', reviewOn: '2026-11-01' });
  const act = (await lint()).findings.find(({ code }) => code === 'REVIEW_OVERDUE')?.fix.act;
  if (!act) throw new Error('the review is overdue');
  await performFix(at.client, act, null);
  expect((await at.client.policy.get({})).policy.rules).toMatchObject([{ as: { kind: 'user', name: 'backup' }, reviewOn: '2027-02-19' }]);
});

test('what only a person knows is not made up', async () => {
  const [rule] = await addRules({ owner: '' });
  if (rule === undefined) throw new Error('no rule was added');
  await expect(performFix(at.client, { kind: 'ask', rule: rule.id, field: 'owner' }, ' ')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await at.client.policy.removeRule({ id: rule.id });
  await expect(performFix(at.client, { kind: 'ask', rule: rule.id, field: 'owner' }, 'ops')).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a file is linted against this fleet, and the draft stays as it is', async () => {
  await addRules({});
  const before = await at.client.policy.exportText({});
  const file = 'firebreak: 1\nrules:\n  - { id: r_000000000009, action: allow, from: any, to: any, services: any, owner: ops, reason: migration }\n';
  expect((await lint(file)).findings).toMatchObject([{ code: 'RULE_ANY_TO_ANY', severity: 'error', subject: { id: 'r_000000000009' } }]);
  expect(await at.client.policy.exportText({})).toEqual(before);
  await expect(lint('firebreak: 1\nrules:\n  - { action: allow, from: zone:gone, to: any, services: any }\n')).rejects.toMatchObject({ code: 'POLICY_FILE_INVALID', data: { issues: [{ line: 3 }] } });
});
