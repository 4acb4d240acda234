import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { aRule } from '../../../shared/policy/testing/builders.ts';
import { addTestHost, makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(async () => {
  at = makeBackend();
  await addTestHost(at.client, 1, 'web-1', 'role=web');
  await addTestHost(at.client, 2, 'db-1', 'role=db');
});
afterEach(() => at.close());

const addRule = async (input: Parameters<typeof aRule>[0]): Promise<string> => {
  const { id: _id, ...rule } = aRule({ reason: 'orders', ...input });
  const [made] = await at.client.policy.addRules({ rules: [rule] });
  return made?.id ?? '';
};

const firebreak = (...argv: string[]) => runFirebreak(at, argv);

test('a warning ends with 0, and with 3 where it is strict; an error always ends with 3', async () => {
  await addRule({});
  expect(await firebreak('policy', 'lint')).toMatchObject({ code: 0, out: expect.stringContaining('OWNER_MISSING') });
  expect((await firebreak('policy', 'lint', '--strict')).code).toBe(3);
  await addRule({ from: 'any', to: 'any', services: 'any', owner: 'ops' });
  const { code, out } = await firebreak('policy', 'lint');
  expect([code, out.split('\n')[0]?.replace(/r_\w+/, 'ID')]).toEqual([3, 'error   RULE_ANY_TO_ANY:ID']);
  expect(out).toContain('Not known: whether');
});

test('a fix is done by its name; where only a person knows what to write it is asked for', async () => {
  const id = await addRule({});
  expect(await firebreak('policy', 'lint', '--fix', `OWNER_MISSING:${id}`)).toMatchObject({ code: 2, err: expect.stringContaining('--value TEXT') });
  expect(await firebreak('policy', 'lint', '--fix', `OWNER_MISSING:${id}`, '--value', 'dba')).toMatchObject({ code: 0, out: expect.stringContaining(`Done: set the owner of ${id}.`) });
  expect((await at.client.policy.get({})).policy.rules[0]?.owner).toBe('dba');
  expect(await firebreak('policy', 'lint', '--fix', `OWNER_MISSING:${id}`, '--value', 'dba')).toMatchObject({ code: 1, err: expect.stringContaining('There is no finding') });
});

test('a file is linted with --json, and wrong words say what to do', async () => {
  const file = `${at.path}.yaml`;
  writeFileSync(file, 'firebreak: 1\nservices:\n  - { name: pg, entries: tcp/5432 }\n');
  const { code, out } = await firebreak('--json', 'policy', 'lint', file);
  expect([code, JSON.parse(out)]).toMatchObject([0, { rules: 0, findings: [{ code: 'SERVICE_UNUSED', subject: { id: 'pg' } }] }]);
  expect(await firebreak('policy', 'lint', file, '--fix', 'SERVICE_UNUSED:pg')).toMatchObject({ code: 2, err: expect.stringContaining('import the file first') });
  expect(await firebreak('policy', 'lint', '--days', '0')).toMatchObject({ code: 2, err: expect.stringContaining('1 to 365') });
  expect(await firebreak('policy', 'lint', `${file}.gone`)).toMatchObject({ code: 1, err: expect.stringContaining('FILE_NOT_READABLE') });
});

test('kpi prints every figure with its formula', async () => {
  const { code, out } = await firebreak('kpi');
  expect(code).toBe(0);
  for (const title of ['Coverage, hosts', 'Policy accuracy', 'False-positive rate', 'Time to block', 'Mean time to policy', 'Blocked lateral attempts', 'Rule changes a month', 'Overhead']) expect(out).toContain(title);
  expect(out).toContain('0 % (0 of 2)');
  expect(out).toContain('not known');
});
