import { afterEach, beforeEach, expect, test } from 'vitest';
import { aZone } from '../../../shared/policy/testing/builders.ts';
import { recordFacts } from '../../services/agent-record.ts';
import { someFacts } from '../../services/testing/some-facts.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'prod-web-1', 'app=shop');
  await addTestHost(at.client, 2, 'prod-db-1');
  const { select } = aZone({ select: 'role=db' });
  await at.client.policy.addZone({ name: 'db', select, outbound: 'open', note: '' });
  await at.client.policy.setZoneMode({ name: 'db', mode: 'enforce', waivers: (await at.client.policy.readiness({ name: 'db', mode: 'enforce' })).filter(({ state }) => state === 'blocker').map(({ check }) => ({ check, reason: 'a test' })) });
});
afterEach(() => at.close());

const firebreak = (...argv: string[]) => runFirebreak(at, argv);

test('a preview says counts, zones and hosts, and changes nothing; adding does the same', async () => {
  const { code, out } = await firebreak('label-rule', 'preview', 'role={role}', 'env={env}', '--name', '{env}-{role}-#');
  expect([code, out.split('\n\n')]).toEqual([
    0,
    [
      '2 hosts would change labels, 1 would move to another zone; the rule counts on 2.',
      'ZONE  MODE (DRAFT)  JOIN  LEAVE\ndb    enforce       +1    -0',
      'db enforces: a host that joins is closed by the next push.',
      'HOST        LABELS               ZONE\nprod-db-1   +role=db +env=prod   no zone → db\nprod-web-1  +role=web +env=prod  -',
      'Nothing was changed.',
    ],
  ]);
  expect((await firebreak('label-rule', 'list')).out).toContain('No label rules yet');
  expect((await firebreak('label-rule', 'add', 'role={role}', 'env={env}', '--name', '{env}-{role}-#')).out).toContain('2 hosts changed labels, 1 moved to another zone');
  expect((await firebreak('host', 'label', 'prod-db-1', 'role=')).out).toBe('prod-db-1: role=db,env=prod\nrole is given by a label rule: firebreak host show prod-db-1');
  expect((await firebreak('host', 'show', 'prod-db-1')).out).toMatch(/label +role=db {2}label rule 1: its name fits “\{env\}-\{role\}-#”/);
});

test('what a host says waits, is shown with its reason, and counts when it is accepted by name', async () => {
  recordFacts(at.backend, at.hostId('prod-db-1'), someFacts({ ports: [5432] }));
  expect((await firebreak('label-rule', 'add', 'role=db', '--fact', 'listens=tcp/5432')).out).toMatch(/^0 hosts changed labels[\s\S]*prod-db-1 +it says that it listens on tcp\/5432\nLook, then/);
  expect((await firebreak('label-rule', 'waiting')).out).toMatch(/prod-db-1 +\+role=db +1 l_/);
  expect((await firebreak('host', 'show', 'prod-db-1')).out).toMatch(/waits +\+role=db {2}label rule 1: it says/);
  expect(await firebreak('label-rule', 'accept', 'prod-web-1')).toMatchObject({ code: 1, err: expect.stringContaining('prod-db-1') });
  expect(await firebreak('label-rule', 'accept', 'prod-db-1')).toMatchObject({ code: 0, out: expect.stringContaining('1 host changed labels') });
  expect((await firebreak('label-rule', 'waiting')).out).toContain('Nothing waits');
  expect((await firebreak('host', 'show', 'prod-db-1')).out).toContain('listens on tcp/5432 (accepted)');
});

test('--accept takes those at their word whom the preview lists', async () => {
  recordFacts(at.backend, at.hostId('prod-db-1'), someFacts({ ports: [5432] }));
  expect((await firebreak('label-rule', 'add', 'role=db', '--fact', 'listens=tcp/5432', '--accept')).out).toContain('1 host changed labels, 1 moved to another zone; the rule counts on 1.');
});

test('rules are listed as JSON, moved, replaced and removed by id, and wrong words say what to do', async () => {
  await firebreak('label-rule', 'add', 'role=a', '--name', 'prod-*');
  await firebreak('label-rule', 'add', 'role=b', '--name', '*', '--at', '1', '--note', 'for a day');
  const rules = async (): Promise<{ id: string; labels: { role: string } }[]> => (await at.client.labelRules.list({})).rules.map(({ id, labels }) => ({ id, labels: { role: labels.role ?? '' } }));
  const [b, a] = await rules();
  expect(JSON.parse((await firebreak('--json', 'label-rule', 'list')).out)).toMatchObject({ rules: [{ number: 1, labels: { role: 'b' }, note: 'for a day', hosts: ['prod-db-1', 'prod-web-1'] }, { number: 2 }], waiting: [] });
  expect((await firebreak('label-rule', 'move', a?.id ?? '', '1')).code).toBe(0);
  expect((await firebreak('label-rule', 'add', 'role=c', '--name', 'prod-*', '--replace', a?.id ?? '')).out).toContain('2 hosts changed labels');
  expect((await rules()).map(({ labels }) => labels.role)).toEqual(['c', 'b']);
  expect((await firebreak('label-rule', 'remove', b?.id ?? '')).code).toBe(0);
  expect((await rules()).map(({ labels }) => labels.role)).toEqual(['c']);
  expect(await firebreak('label-rule', 'add', 'role=x')).toMatchObject({ code: 2, err: expect.stringContaining('a label rule needs a condition') });
  expect(await firebreak('label-rule', 'add', 'role=x', '--fact', 'lissens=tcp/1')).toMatchObject({ code: 2, err: expect.stringContaining('did you mean listens?') });
  expect(await firebreak('label-rule', 'add', 'role=x', '--network', '10.0.0.1/8')).toMatchObject({ code: 2, err: expect.stringContaining('did you mean 10.0.0.0/8?') });
  expect(await firebreak('label-rule', 'move', a?.id ?? '', '0')).toMatchObject({ code: 2, err: expect.stringContaining('count from 1') });
  expect(await firebreak('label-rule', 'remove', '2')).toMatchObject({ code: 2, err: expect.stringContaining('firebreak label-rule list') });
  expect(await firebreak('label-rule', 'remove', 'l_000000000000')).toMatchObject({ code: 1, err: expect.stringContaining('There is no label rule') });
});
