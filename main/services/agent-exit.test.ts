import { expect, test } from 'vitest';
import { toAgentError } from './agent-exit.ts';

const target = { hostName: 'web-1', user: 'ops' };
const failure = (exitCode: number, error: string, detail: string, more: object = {}) => ({ exitCode, stdout: JSON.stringify({ v: 1, error, detail, ...more }), stderr: `firebreak-agent: ${error}: ${detail}` });

const cases = [
  { exit: { exitCode: 127, stdout: '', stderr: 'sh: 1: /usr/local/lib/firebreak/firebreak-agent: not found' }, code: 'AGENT_MISSING' },
  { exit: { exitCode: 127, stdout: '', stderr: 'sudo: /usr/local/lib/firebreak/firebreak-agent: command not found' }, code: 'AGENT_MISSING' },
  { exit: { exitCode: 1, stdout: '', stderr: 'Segmentation fault' }, code: 'AGENT_FAILED' },
  { exit: failure(6, 'NOT_INSTALLED', 'state is missing'), code: 'AGENT_MISSING' },
  { exit: failure(6, 'TOOL_MISSING', 'nft'), code: 'NFT_MISSING' },
  { exit: failure(6, 'TOOL_MISSING', 'flock'), code: 'HOST_UNSUPPORTED' },
  { exit: failure(6, 'NOT_ROOT', 'the agent must run as root'), code: 'SUDO_REFUSED' },
  { exit: failure(6, 'TIMER_NOT_ARMED', 'systemd-run failed'), code: 'AGENT_FAILED' },
  { exit: failure(4, 'PENDING', 'another push waits', { id: 'p_1', by: 'bob' }), code: 'PUSH_PENDING_ELSEWHERE' },
  { exit: failure(4, 'SOMETHING_NEWER', 'another push waits'), code: 'PUSH_PENDING_ELSEWHERE' },
  { exit: failure(5, 'NOT_PENDING', 'nothing waits'), code: 'CONFIRM_REFUSED' },
  { exit: failure(3, 'KERNEL_CHANGED', 'not those that were loaded'), code: 'CONFIRM_REFUSED' },
  { exit: failure(3, 'DOWNGRADE_REFUSED', 'agent 2.0.0 is here, and 1.0.0 is older: --allow-downgrade if that is meant'), code: 'AGENT_DOWNGRADE' },
  { exit: failure(1, 'SELF_CHECK_FAILED', 'a boot with it fails'), code: 'AGENT_FAILED' },
  { exit: failure(3, 'OTHER_CONSOLE', 'already h_000000000009 of another workspace'), code: 'AGENT_NOT_OURS' },
  { exit: failure(7, 'DISK_FULL', 'pending cannot be written'), code: 'AGENT_FAILED' },
];
test.each(cases)('exit $exit.exitCode with $exit.stdout$exit.stderr means $code', ({ exit, code }) => {
  expect(toAgentError(target, 'loading the new rules', exit)).toMatchObject({ code, payload: { host: 'web-1' } });
});

test('the other push that waits is named', () => {
  expect(toAgentError(target, 'loading', failure(4, 'PENDING', 'another push waits', { id: 'p_1', by: 'bob' })).payload).toEqual({ host: 'web-1', pendingId: 'p_1', by: 'bob' });
});

test('what a host says about itself is cut to a readable length', () => {
  const { payload } = toAgentError(target, 'loading', { exitCode: 1, stdout: '', stderr: 'x'.repeat(100_000) });
  expect(JSON.stringify(payload).length).toBeLessThan(600);
});
