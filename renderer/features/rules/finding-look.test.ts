import { expect, test } from 'vitest';
import type { Finding } from '../../../shared/model/finding.ts';
import { countSeverities, findingContains } from './finding-look.ts';

const finding = (input: Partial<Finding> = {}): Finding => ({
  code: 'SERVICE_UNUSED',
  severity: 'info',
  subject: { kind: 'service', id: 'web', text: 'service web' },
  others: [],
  evidence: '0 rules name it (tcp/80).',
  fix: { text: 'remove service web', act: null },
  ...input,
});

test('severities are counted one by one, those without a finding too', () => {
  expect(countSeverities([])).toBe('0 errors, 0 warnings, 0 info');
  expect(countSeverities([finding(), finding({ severity: 'error' }), finding({ severity: 'warning' }), finding({ severity: 'warning' })])).toBe('1 error, 2 warnings, 1 info');
});

test('a finding is found by its code, its subject, its evidence and its fix, in any case', () => {
  for (const text of ['service_unused:web', 'SERVICE WEB', 'tcp/80', ' remove ']) expect(findingContains(finding(), text)).toBe(true);
  expect(findingContains(finding(), 'tcp/81')).toBe(false);
});
