import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fillEvidence } from '../../services/testing/fill-evidence.ts';
import { makeBackend, type TestBackend } from '../../services/testing/test-backend.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let at: TestBackend;
beforeEach(() => {
  at = makeBackend();
});
afterEach(() => at.close());
const firebreak = (...argv: string[]) => runFirebreak(at, argv);

describe('before anything was tried', () => {
  test.each([
    [['prove', 'reach'], 'nothing was pushed yet, so there is nothing to prove; push a policy first'],
    [['prove', 'reach', '--sample', '101'], '--sample: “101” is no whole number from 0 to 100'],
    [['prove', 'reach', '--seed', '-1'], '--seed: “-1” is no whole number from 0 to 4294967295'],
    [['prove', 'reach', '--out', 'proof.pdf'], '--out: “proof.pdf” does not end with .csv'],
    [['prove', 'show'], 'nothing was tried yet; firebreak prove reach does'],
    [['prove', 'show', 'last'], 'id: “last” is no whole number from 1'],
  ])('%j says what to do', async (argv, message) => {
    const { code, err } = await firebreak(...argv);
    expect([code, err.replaceAll(/\s+/g, ' ')]).toEqual([2, expect.stringContaining(message)]);
  });

  test('the list is empty, and says how to begin', async () => {
    expect(await firebreak('prove', 'list')).toMatchObject({ code: 0, out: 'Nothing was tried yet; firebreak prove reach does.' });
  });
});

test('what was tried is shown with what follows, what is wrong first, and saved', async () => {
  await fillEvidence(at, 2);
  const folder = mkdtempSync(join(tmpdir(), 'firebreak-prove-'));
  const { code, out } = await firebreak('prove', 'show', '--out', join(folder, 'proof.csv'));
  expect(code).toBe(0);
  const lines = out.split('\n');
  expect(lines[0]).toBe('Proof 1 of 2026-11-20 12:01:00Z, policy version 1, all zones, seed 7: 1 proven allowed, 1 proven blocked, 1 contradict the policy, 1 not proven.');
  expect(lines[2]).toMatch(/^contradicts policy {2}db-1 fd00::1 +db-2 \[fd00::2\]:22 +must not \(sample\) +refused as root +db-2 let it in; only nothing listens there$/);
  expect(lines[3]).toMatch(/^not proven .*timed-out as root +no answer came; db-1 did not witness: =cmd\|away$/);
  expect(lines.slice(-2)).toEqual(['db-1: the rules in its kernel are not those that were confirmed.', `Wrote ${join(folder, 'proof.csv')}.`]);
  expect(readFileSync(join(folder, 'proof.csv'), 'utf8')).toContain(`,'=cmd|away,not-proven,`);
  rmSync(folder, { recursive: true });
  expect((await firebreak('prove', 'list')).out).toMatch(/\n1 +2026-11-20 12:01:00Z +ada +1 +all +2 +7 +1 proven allowed, 1 proven blocked, 1 contradict the policy, 1 not proven$/);
  expect(await firebreak('prove', 'show', '7')).toMatchObject({ code: 1, err: expect.stringContaining('7') });
});
