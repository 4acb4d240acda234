import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FakeSshd, startFakeSshd } from '../fakehost/fake-sshd.ts';
import { makeUserCa, type UserCa } from '../fakehost/user-ca.ts';

const PASSPHRASE = 'plantedPassphrase8830';
const program = new URL('../../main/cli/main.ts', import.meta.url).pathname;
let folder: string;
let ca: UserCa;
let sshd: FakeSshd;
let keyPath: string;
/** Every argument list that there was on this machine while the program ran. */
let seen: Set<string>;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'firebreak-secret-'));
  ca = makeUserCa();
  keyPath = ca.makeKey('ed25519', PASSPHRASE, ['-a', '1']);
  sshd = await startFakeSshd({ onAuth: (context) => (context.method === 'publickey' ? context.accept() : context.reject(['publickey'])) });
  seen = new Set();
});
afterEach(async () => {
  await sshd.close();
  ca.remove();
  rmSync(folder, { recursive: true });
});

type Ran = { code: number | null; text: string };

/** The program as a process of its own, with everything that it keeps in the test's folder. */
async function run(environment: Readonly<Record<string, string>>, ...argv: string[]): Promise<Ran> {
  const home = { HOME: folder, XDG_CONFIG_HOME: join(folder, 'config'), XDG_STATE_HOME: join(folder, 'state'), FIREBREAK_WORKSPACE: join(folder, 'test.firebreak') };
  const child = spawn(process.execPath, [program, ...argv], { env: { PATH: process.env['PATH'], ...home, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { text += chunk.toString(); });
  const watching = setInterval(noteArguments, 20);
  const code = await ended(child);
  clearInterval(watching);
  return { code, text };
}

const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('close', resolve));

function noteArguments(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      seen.add(readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    } catch {
      // It ended between the listing and the look.
    }
  }
}

const everyFile = (): [string, string][] => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => [entry.name, readFileSync(join(entry.parentPath, entry.name), 'latin1')]);

test.skipIf(process.platform !== 'linux')('a passphrase from the environment logs in, and is in no file, log, audit entry, output or argument list; a wrong one contacts nobody', { timeout: 180_000 }, async () => {
  expect((await run({}, 'init')).code).toBe(0);
  await run({}, 'host', 'add', 'web1', '--address', `ops@127.0.0.1:${sshd.port}`, '--identity', keyPath);
  await run({}, 'host', 'trust', 'web1', '--fingerprint', sshd.hostKey.fingerprint);
  const auths = () => sshd.log.auth.length;

  const before = sshd.log.sockets;
  const wrong = await run({ FIREBREAK_KEY_PASSPHRASE: `${PASSPHRASE}-wrong` }, 'agent', 'status', 'web1');
  expect([wrong.code, wrong.text]).toEqual([1, expect.stringContaining(`SSH_PASSPHRASE_WRONG: That is not the passphrase of ${keyPath}.`)]);
  const none = await run({}, 'agent', 'status', 'web1');
  expect(none.text).toMatch(/has a passphrase, which was not given yet[\s\S]*FIREBREAK_KEY_PASSPHRASE/);
  expect([sshd.log.sockets, auths()]).toEqual([before, 0]);

  const right = await run({ FIREBREAK_KEY_PASSPHRASE: PASSPHRASE }, 'agent', 'status', 'web1');
  expect(right.text).not.toContain('passphrase');
  expect(auths()).toBeGreaterThan(0);
  const audit = await run({}, 'audit', 'list');
  expect(audit.text).toMatch(new RegExp(`${keyPath}.*passphrase given for this session`));

  const files = everyFile();
  expect(files.map(([name]) => name)).toContain('test.firebreak');
  for (const [name, text] of [...files, ['outputs', wrong.text + none.text + right.text + audit.text], ['commands on the host', sshd.log.commands.join('\n')]]) expect([name, text?.includes(PASSPHRASE)]).toEqual([name, false]);
  expect([...seen].some((words) => words.includes('agent\0status'))).toBe(true);
  expect([...seen].filter((words) => words.includes(PASSPHRASE))).toEqual([]);
});
