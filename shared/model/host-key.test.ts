import { expect, test } from 'vitest';
import { judgeHostKey, type ListedKey } from './host-key.ts';

const key = (letter: string) => ({ algorithm: 'ssh-ed25519', fingerprint: `SHA256:${letter.repeat(43)}` });
const listed = (letter: string, isRevoked = false): ListedKey => ({ ...key(letter), isRevoked, source: 'list:1' });

test.each([
  ['nothing is known', [], [], 'unlisted'],
  ['a list has it', [], [listed('b'), listed('a')], 'listed'],
  ['a list has another', [], [listed('b')], 'not-as-listed'],
  ['a list revokes another alone', [], [listed('b', true)], 'unlisted'],
  ['a list revokes it', [], [listed('a', true)], 'revoked'],
  ['a list revokes it, and it is pinned', [key('a')], [listed('a', true)], 'revoked'],
  ['it is pinned', [key('b'), key('a')], [], 'pinned'],
  ['it is pinned, and a list has another', [key('a')], [listed('b')], 'pinned'],
  ['another is pinned, and a list has it', [key('b')], [listed('a')], 'changed'],
] as const)('where %s', (_, pinned, keys, verdict) => {
  expect(judgeHostKey(key('a'), pinned, keys)).toBe(verdict);
});
