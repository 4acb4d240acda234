import { afterEach, expect, test } from 'vitest';
import { eventually, openInstalled } from './testing/agent-story.ts';
import type { Sandbox } from './testing/sandbox.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const LISTEN = `exec python3 -c '
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind("/dev/log")
while True:
    with open("/run/heard", "ab") as f: f.write(s.recv(65536) + b"\\n")
'`;

test('the boot that a self-check rehearses says nothing in the log of a host without systemd', async () => {
  sandbox = await openInstalled('dash');
  // A /dev of its own, so that /dev/log is not the machine's.
  await sandbox.run('mkdir /run/dev && mount -t tmpfs tmpfs /run/dev && cp -a /dev/null /dev/zero /dev/urandom /run/dev && mount --bind /run/dev /dev');
  sandbox.start(LISTEN);
  await eventually(() => sandbox.run('[ -S /dev/log ]'), (result) => result.code === 0, 10_000);
  const heard = async () => (await sandbox.run('cat /run/heard')).stdout;
  expect(JSON.parse((await sandbox.agent('self-check')).stdout)).toMatchObject({ ok: true, rehearsed: true });
  // Whatever was sent before this line is heard before it.
  await sandbox.run('logger -t firebreak last');
  const lines = (await eventually(heard, (text) => text.includes('last'), 10_000)).trimEnd().split('\n');
  expect(lines).toHaveLength(1);
});
