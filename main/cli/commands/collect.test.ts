import { afterEach, beforeEach, expect, test } from 'vitest';
import { type OnboardKit, startOnboardKit } from '../../../e2e/fakehost/onboard-kit.ts';
import { runFirebreak } from '../testing/run-firebreak.ts';

let kit: OnboardKit;
beforeEach(async () => {
  kit = await startOnboardKit(2);
  process.env['FIREBREAK_SSH_PASSWORD'] = 'let me in';
});
afterEach(async () => {
  delete process.env['FIREBREAK_SSH_PASSWORD'];
  await kit.close();
});

test('collect --every goes on until Ctrl-C, tells each round in a line, and ends cleanly', async () => {
  await runFirebreak(kit, ['onboard', 'host-01', '--accept-unlisted', '--yes']);
  let interrupt = () => undefined as void;
  const lines: string[] = [];
  const ended = await runFirebreak(kit, ['collect', '--all', '--every', '15m'], {
    onInterrupt: (tell) => {
      interrupt = tell;
    },
    write: (text) => {
      lines.push(text);
      // Once it rests until the next round.
      setImmediate(() => interrupt());
    },
  });
  expect(ended).toMatchObject({ code: 0, err: expect.stringContaining('Next in 15 minutes, until Ctrl-C.') });
  expect(lines).toEqual([expect.stringMatching(/1 of 1 host answered\. 1 host without an agent\.$/)]);
  expect((await kit.client.workspace.collecting({})).last).toMatchObject({ hosts: 1, answered: 1, withoutAgent: 1 });
});

test('a time that is none is refused, and the setting of the window is changed and told', async () => {
  expect(await runFirebreak(kit, ['collect', '--all', '--every', '15'])).toMatchObject({ code: 2, err: expect.stringContaining('“15” is no time from 1m to 24h; write for instance 15m or 1h') });
  expect(await runFirebreak(kit, ['collect', '--all', '--every', '25h'])).toMatchObject({ code: 2 });
  expect((await runFirebreak(kit, ['settings'])).out).toContain('Collecting: when somebody says so (firebreak collect)');
  expect((await runFirebreak(kit, ['settings', '--collect-every', '15m'])).out).toContain('Collecting: every 15 minutes while a window is open');
  expect((await kit.client.workspace.settings({})).collectEveryMinutes).toBe(15);
  expect((await runFirebreak(kit, ['settings', '--collect-every', 'off'])).code).toBe(0);
  expect((await kit.client.workspace.settings({})).collectEveryMinutes).toBeNull();
});

test('for how long flows are kept is changed and told; a time that is not offered is refused', async () => {
  expect((await runFirebreak(kit, ['settings'])).out).toContain('Flows are kept: all of them');
  expect((await runFirebreak(kit, ['settings', '--keep-flows', '365'])).out).toContain('Flows are kept: for 365 days');
  expect((await kit.client.workspace.settings({})).keepFlowDays).toBe(365);
  expect(await runFirebreak(kit, ['settings', '--keep-flows', '7'])).toMatchObject({ code: 2 });
  expect((await runFirebreak(kit, ['settings', '--keep-flows', 'all'])).code).toBe(0);
  expect((await kit.client.workspace.settings({})).keepFlowDays).toBeNull();
});
