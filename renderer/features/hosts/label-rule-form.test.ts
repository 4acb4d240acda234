import { expect, test } from 'vitest';
import { aLabelRule } from '../../../shared/labels/testing/a-label-rule.ts';
import { EMPTY_LABEL_RULE, readLabelRule, textsOf } from './label-rule-form.ts';

const read = (texts: Partial<typeof EMPTY_LABEL_RULE>, isComplete = false) => readLabelRule({ ...EMPTY_LABEL_RULE, ...texts }, { isComplete });

test('a rule is read back from the texts that it is shown as', () => {
  const { id: _id, ...rule } = aLabelRule({ names: '{env}-db-*, pg#', networks: '10.0.0.0/8', facts: 'os=debian|ubuntu, listens=tcp/5432', labels: 'role=db app=shop', note: 'agreed' });
  expect(readLabelRule(textsOf(rule), { isComplete: true })).toEqual({ rule, errors: { labels: null, names: null, networks: null, facts: null, note: null } });
});

test('an empty form complains of nothing until it is sent, and then of what it lacks', () => {
  expect(read({})).toEqual({ rule: null, errors: { labels: null, names: null, networks: null, facts: null, note: null } });
  expect(read({}, true).errors).toMatchObject({ labels: expect.stringContaining('at least one label'), names: expect.stringContaining('needs a condition') });
});

test('each mistake is said at its own field', () => {
  expect(read({ labels: 'role', names: '[a]', networks: '10.0.0.1/8', facts: 'os' }).errors).toMatchObject({ labels: expect.stringContaining('key=value'), names: expect.stringContaining('[a]'), networks: expect.stringContaining('10.0.0.0/8'), facts: expect.stringContaining('os=debian') });
  expect(read({ labels: 'env={env}', names: 'db-*' }).errors.labels).toContain('does not find');
});
