import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { hostKeyOf } from './fake-sshd.ts';
import { aTarget } from './ssh-kit.ts';
import type { ResolvedTarget } from '../../main/ssh/ssh-target.ts';

const SSHD = '/usr/sbin/sshd';

/** Why a real sshd cannot be run here, or null. Without root it serves the user who runs the tests. */
export const noRealSshd: string | null = existsSync(SSHD) ? null : `${SSHD} is not there (Debian: apt install openssh-server)`;

export type RealSshd = { target: ResolvedTarget; /** What sshd wrote so far (`-e`, LogLevel VERBOSE). */ readLog: () => string; stop: () => Promise<void> };

/** Starts OpenSSH's sshd on loopback with its own keys and `settings` (lines of sshd_config), for the user who runs the tests. */
export async function startRealSshd(settings: readonly string[] = []): Promise<RealSshd> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-sshd-'));
  const path = (name: string) => join(dir, name);
  for (const name of ['host', 'user']) execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', path(name)]);
  // The folder that sshd drops its privileges into; the package makes it at boot.
  if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const port = await findFreePort();
  // sshd takes the first value of a setting: those of the test come first.
  const base = [`ListenAddress 127.0.0.1:${port}`, `HostKey ${path('host')}`, `AuthorizedKeysFile ${path('user.pub')}`, 'PidFile none', 'StrictModes no', 'UsePAM no', 'PermitRootLogin yes', 'LogLevel VERBOSE'];
  writeFileSync(path('config'), [...settings, ...base, ''].join('\n'));
  const child = spawn(SSHD, ['-D', '-e', '-f', path('config')], { stdio: ['ignore', 'ignore', 'pipe'] });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stderr });
  const listening = Promise.withResolvers<void>();
  reader.on('line', (line) => {
    lines.push(line);
    if (line.startsWith('Server listening')) listening.resolve();
  });
  child.once('exit', () => listening.reject(new Error(`sshd ended: ${lines.join(' | ')}`)));
  await listening.promise;
  const target = aTarget({ port, hostKey: hostKeyOf(readFileSync(path('host'), 'utf8')) }, { user: userInfo().username, identity: { kind: 'key-file', keyPath: path('user') } });
  const stop = async () => {
    const exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve();
    child.kill();
    await exited;
    rmSync(dir, { recursive: true });
  };
  return { target, readLog: () => lines.join('\n'), stop };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP');
  return address.port;
}
