import { expect, test } from 'vitest';
import { formatOutcome } from './format-template.ts';

const outcome = {
  template: 'x',
  ends: [
    { parameter: 'web', text: 'role=web', hosts: [] },
    { parameter: 'db', text: 'role=db', hosts: ['db-1', 'db-2'] },
    { parameter: 'port', text: 'tcp/1', hosts: null },
  ],
  items: [
    { what: 'rule' as const, text: 'allow a → b on c', state: 'new' as const, note: 'nobody is a now' },
    { what: 'service' as const, text: 'c tcp/1', state: 'differs' as const, note: '' },
  ],
};

test('an end that is nobody is loud, and a dry run says that nothing was changed', () => {
  expect(formatOutcome(outcome, true).split('\n')).toEqual([
    'PARAMETER  VALUE     HOSTS NOW',
    'web        role=web  NOBODY',
    'db         role=db   db-1 db-2',
    'port       tcp/1     -',
    '',
    'DRAFT       WHAT     TEXT',
    'would add   rule     allow a → b on c (nobody is a now)',
    'would keep  service  c tcp/1',
    '',
    'Nothing was changed; without --dry-run it is added to the draft.',
  ]);
});

test('applying says what was added and what comes next; nothing added is said', () => {
  expect(formatOutcome(outcome, false)).toContain('added  rule');
  expect(formatOutcome({ ...outcome, items: outcome.items.slice(1) }, false)).toContain('Nothing was added to the draft.');
});
