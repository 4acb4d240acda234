import { spawn } from 'node:child_process';
import type { FakeCommand } from './fake-sshd.ts';

/**
 * Runs the client's command by a real `sh -c`, as sshd does with the login shell. `pathDir` comes first in PATH, so that
 * a script called `sudo` there is the host's sudo. The channel closes when the command ends.
 */
export function execWithShell({ command, channel }: FakeCommand, options: { pathDir?: string; env?: Record<string, string> } = {}): void {
  const path = [options.pathDir, '/usr/sbin:/usr/bin:/sbin:/bin'].filter((part) => part !== undefined).join(':');
  const child = spawn('/bin/sh', ['-c', command], { env: { PATH: path, ...options.env }, stdio: 'pipe' });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', (chunk: Buffer) => channel.write(chunk));
  child.stderr.on('data', (chunk: Buffer) => channel.stderr.write(chunk));
  channel.on('close', () => child.kill('SIGKILL'));
  child.on('close', (code) => {
    channel.exit(code ?? 255);
    channel.end();
  });
}
