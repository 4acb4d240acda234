import { expect, test } from 'vitest';
import { LoginName } from '../../shared/model/compatibility.ts';
import { CONSOLE_COMMANDS, printSudoers } from '../../shared/text/sudoers-text.ts';
import type { SshPool } from '../ssh/ssh-pool.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import { createAgentClient, REMOTE_AGENT_DIR } from './agent-client.ts';

const target: ResolvedTarget = { hostName: 'db-1', address: '10.0.0.1', port: 22, user: 'firebreak', identity: { kind: 'agent' }, sudo: 'nopasswd', pinnedKeys: [], jump: null, secrets: () => ({ sshPassword: null, sudoPassword: null }) };

/** Every command line that the client sends, without the agent's path; the login shell fills in what is in `rawSuffix`. */
async function sentCommands(): Promise<Map<string, string>> {
  const sent: string[] = [];
  const pool: SshPool = {
    showKey: () => Promise.reject(new Error('not asked')),
    close: async () => undefined,
    run: async (_target, request) => {
      expect(request.argv[0]).toBe(`${REMOTE_AGENT_DIR}/firebreak-agent`);
      sent.push([...request.argv.slice(1), ...(request.rawSuffix === undefined ? [] : [request.rawSuffix])].join(' '));
      return { exitCode: 1, stdout: '', stderr: '' };
    },
  };
  const client = createAgentClient(pool);
  const apply = { pushId: 'p_0123456789ab', by: 'somebody else', confirmWithinSeconds: 60, bundleText: '' };
  const calls: Record<keyof typeof client, () => Promise<unknown>> = {
    facts: () => client.facts(target),
    status: () => client.status(target),
    check: () => client.check(target, ''),
    apply: () => client.apply(target, apply),
    confirm: () => client.confirm(target, 'p_0123456789ab'),
    rollback: () => client.rollback(target, 'p_0123456789ab'),
    drain: () => client.drain(target, { cursor: 7, now: true }),
    verify: () => client.verify(target),
    events: () => client.events(target, 7),
    footprint: () => client.footprint(target, 7),
    latency: () => client.latency(target),
    sessions: () => client.sessions(target),
    cut: () => client.cut(target, { pushId: 'p_0123456789ab', lines: [] }),
    witness: () => client.witness(target, { pairs: [], seconds: 300, ready: () => undefined, over: Promise.resolve() }),
    tryPairs: () => client.tryPairs(target, []),
    uninstall: () => client.uninstall(target, 'remove'),
  };
  const commands = new Map<string, string>();
  for (const [name, call] of Object.entries(calls)) {
    await call().catch(() => undefined);
    commands.set(name, sent.pop() ?? '');
  }
  return commands;
}

/** fnmatch(3) as sudoers(5) uses it for arguments: `*` matches blanks too. */
const allows = (pattern: string, words: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(words);

test('the sudoers file allows every command that the console sends, but uninstall', async () => {
  const refused = [...(await sentCommands())].filter(([, words]) => !CONSOLE_COMMANDS.some((pattern) => allows(pattern, words)));
  expect(refused).toEqual([['uninstall', 'uninstall --rules remove']]);
});

test.each(['rollback --to-observe', 'install --host-id h_0', 'uninstall', 'boot', 'self-check', 'status x', 'sh -c id'])('the sudoers file does not allow %s', (words) => {
  expect(CONSOLE_COMMANDS.filter((pattern) => allows(pattern, words))).toEqual([]);
});

test('the sudoers file names the login that was asked for', () => {
  expect(printSudoers('ops')).toMatch(/^ops ALL=\(root\) NOPASSWD: FIREBREAK_CONSOLE$/m);
});

test('ALL, which is everybody in a sudoers file, is no login', () => {
  expect(['firebreak', 'all-in', 'ALL', 'All'].filter((name) => LoginName.safeParse(name).success)).toEqual(['firebreak', 'all-in']);
});
