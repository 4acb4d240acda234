import { expect, test } from 'vitest';
import { describeAuditAction } from './audit-text.ts';

test('an action is told in words, and one without words by its name', () => {
  expect(['policy.addRules', 'push.partly', 'policy.redo', 'host.event'].map(describeAuditAction)).toEqual([
    'rules added',
    'push partly confirmed',
    'edit done again',
    'host.event',
  ]);
});
