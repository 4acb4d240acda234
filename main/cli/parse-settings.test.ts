import { expect, test } from 'vitest';
import { parseSettings } from './parse-settings.ts';

test('a setting ends its name at the first equals sign', () => {
  expect(parseSettings(['web=role=frontend', 'port=tcp/80,tcp/443', 'note='])).toEqual({ web: 'role=frontend', port: 'tcp/80,tcp/443', note: '' });
});

test('what is no setting, and what is set twice, is said all at once', () => {
  const issues = [expect.stringContaining('“web” is not PARAMETER=VALUE'), expect.stringContaining('“=x”'), expect.stringContaining('db is set twice')].map((message) => ({ path: '--set', message }));
  expect(() => parseSettings(['web', '=x', 'db=role=a', 'db=role=b'])).toThrow(expect.objectContaining({ code: 'INPUT_INVALID', payload: { issues } }));
});
