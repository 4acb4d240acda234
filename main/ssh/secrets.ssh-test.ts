import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { makeFakeSudo, type SudoVariant } from '../../e2e/fakehost/fake-sudo.ts';
import type { SshdScript } from '../../e2e/fakehost/fake-sshd.ts';
import { execWithShell } from '../../e2e/fakehost/shell-exec.ts';
import { makeSshBench } from '../../e2e/fakehost/ssh-bench.ts';
import { aRequest, aTarget } from '../../e2e/fakehost/ssh-kit.ts';

const bench = makeSshBench();
const SSH_PASSWORD = 'plantedSshSecret7431';
const SUDO_PASSWORD = 'plantedSudoSecret9925';
const PLANTED = /plantedS(sh|udo)Secret\d+/;
const PLANTED_BASE64 = new RegExp([SSH_PASSWORD, SUDO_PASSWORD].map((secret) => Buffer.from(secret).toString('base64').slice(0, 20)).join('|'));

/** Everything that this process writes while a test runs. */
const written: string[] = [];
beforeEach(() => {
  written.splice(0);
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((chunk) => {
      written.push(String(chunk));
      return true;
    });
  }
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) vi.spyOn(console, method).mockImplementation((...words) => void written.push(inspect(words)));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** An error as loggers, people and the wire see it, with causes and stacks. */
function everyTextOf(error: unknown): string {
  const texts = [inspect(error, { depth: 10, showHidden: true, getters: true })];
  if (error instanceof FirebreakError) texts.push(JSON.stringify(error.payload), JSON.stringify(describeError(error.code, error.payload)));
  if (error instanceof Error && error.cause !== undefined) texts.push(everyTextOf(error.cause));
  return texts.join('\n');
}

const scripts: [string, SshdScript][] = [
  ['takes the password and runs', {}],
  ['refuses the password', { onAuth: (context) => context.reject(['password']) }],
  ['asks on the keyboard and refuses', { onAuth: (context) => (context.method === 'keyboard-interactive' ? context.prompt([{ prompt: 'Password: ', echo: true }], () => context.reject([])) : context.reject(['keyboard-interactive'])) }],
  ['hangs at the password', { onAuth: (context) => (context.method === 'password' ? undefined : context.reject(['password'])) }],
  ['refuses every session', { onSession: () => false }],
  ['drops in the middle', { onExec: ({ connection }) => connection.end() }],
  ['echoes a flood', { onExec: ({ channel }) => void channel.write('x'.repeat(100_000)) }],
];

test.each(scripts)('no secret leaves through errors or logs when a host %s', async (_what, script) => {
  const sshd = await bench.sshd(script);
  const target = aTarget(sshd, { sudo: 'password', secrets: () => ({ sshPassword: SSH_PASSWORD, sudoPassword: SUDO_PASSWORD }) });
  const outcome = await bench.pool.run(target, aRequest({ timeoutMs: 300, maxOutputBytes: 10_000 })).then((result) => inspect(result), everyTextOf);
  const seen = [outcome, ...written, ...sshd.log.commands].join('\n');
  expect(seen.length).toBeGreaterThan(10);
  expect(seen).not.toMatch(PLANTED);
  expect(seen).not.toMatch(PLANTED_BASE64);
});

test.each<SudoVariant>(['nopasswd', 'asks', 'asks-with-lecture', 'requiretty', 'not-in-sudoers', 'other-command-only', 'asks-for-a-code', 'is-slow', 'missing'])('no secret leaves through errors, logs, arguments or environments when sudo is %s', async (variant) => {
  const sudo = makeFakeSudo(variant);
  bench.after(() => sudo.remove());
  const sshd = await bench.sshd({ onExec: (command) => execWithShell(command, { pathDir: sudo.pathDir }) });
  const target = aTarget(sshd, { sudo: 'password', secrets: () => ({ sshPassword: SSH_PASSWORD, sudoPassword: SUDO_PASSWORD }) });
  const request = aRequest({ sudo: true, argv: ['env'], timeoutMs: 500, stdin: 'payload' });
  const outcome = await bench.pool.run(target, request).then((result) => inspect(result), everyTextOf);
  const sudoSaw = sudo.readLog().split('\n').filter((line) => !line.startsWith('read: ')).join('\n');
  const seen = [outcome, ...written, ...sshd.log.commands, sudoSaw].join('\n');
  expect(seen).not.toMatch(PLANTED);
  expect(seen).not.toMatch(PLANTED_BASE64);
});
