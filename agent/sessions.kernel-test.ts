import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentCut, AgentSessions } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, eventually, openInstalled, readStatus, statusOf } from './testing/agent-story.ts';
import type { Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

const TRAFFIC = new URL('testing/session-traffic.py', import.meta.url).pathname;

/** A host 10.0.0.20 / fd00::20 with peers in another namespace, and connections of both directions that are kept busy. */
async function startTraffic(sandbox: Sandbox): Promise<ChildProcess> {
  const child = sandbox.start(`
unshare -n sleep 600 & peers=$!
while [ "$(readlink /proc/$peers/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add v0 type veth peer name v1 netns $peers || exit 1
ip link set v0 up; ip addr add 10.0.0.20/24 dev v0; ip addr add fd00::20/64 dev v0 nodad
nsenter -t $peers -n sh -c 'ip link set lo up; ip link set v1 up; ip addr add 10.0.0.1/24 dev v1; ip addr add 10.0.0.9/24 dev v1; ip addr add fd00::1/64 dev v1 nodad'
mkfifo /run/hold; exec 3<>/run/hold
exec /usr/bin/python3 ${TRAFFIC} $peers /run/traffic <&3`);
  await eventually(() => sandbox.run('cat /run/traffic'), ({ code }) => code === 0, 20_000);
  return child;
}

type Traffic = Record<string, { state: string; client: number }>;
const traffic = async (sandbox: Sandbox): Promise<Traffic> => JSON.parse((await sandbox.run('cat /run/traffic')).stdout);
const statesOf = async (sandbox: Sandbox) => Object.fromEntries(Object.entries(await traffic(sandbox)).map(([name, { state }]) => [name, state]));
const sessions = async (sandbox: Sandbox): Promise<AgentSessions> => {
  const answer = await sandbox.agent('sessions');
  expect(answer, answer.stderr).toMatchObject({ code: 0 });
  return AgentSessions.parse(JSON.parse(answer.stdout));
};
const cut = async (sandbox: Sandbox, lines: readonly string[], args = ''): Promise<AgentCut> => {
  const answer = await sandbox.agent(`cut --id p1 ${args}`, lines.map((line) => `${line}\n`).join(''));
  expect(answer, answer.stdout + answer.stderr).toMatchObject({ code: 0 });
  return AgentCut.parse(JSON.parse(answer.stdout));
};
const ALL_ALIVE = { db4: 'alive', db6: 'alive', web: 'alive', console: 'alive', out: 'alive', stream: 'alive' };

let sandbox: Sandbox;
let ports: Record<'db4' | 'db6' | 'web' | 'console' | 'out' | 'stream', number>;
async function start(shell: 'dash' | 'bash' | 'busybox sh'): Promise<void> {
  sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  await startTraffic(sandbox);
  const now = await traffic(sandbox);
  const portOf = (name: string) => now[name]?.client ?? 0;
  ports = { db4: portOf('db4'), db6: portOf('db6'), web: portOf('web'), console: portOf('console'), out: portOf('out'), stream: portOf('stream') };
}
const confirmed = async () => {
  statusOf(await apply(sandbox, 'p1', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p1'));
};
afterEach(() => sandbox?.close());

describe.each(shellsInTurn(2))('live sessions under %s', (shell) => {
  beforeEach(() => start(shell));

  test('every connection is listed once with its direction and both ends, and none over loopback', async () => {
    // A UDP stream is one once both ends have sent for two seconds.
    const listed = await eventually(() => sessions(sandbox), (answer) => answer.sessions.some(({ protocol }) => protocol === 'udp'), 20_000);
    const rows = listed.sessions.map(({ protocol, direction, path, local, localPort, peer, peerPort }) => [protocol, direction, path, local, localPort, peer, peerPort].join(' ')).sort();
    expect(rows).toEqual(
      [
        `tcp in local 10.0.0.20 22 10.0.0.9 ${ports.console}`,
        `tcp in local 10.0.0.20 5432 10.0.0.1 ${ports.db4}`,
        `tcp in local 10.0.0.20 8080 10.0.0.1 ${ports.web}`,
        `tcp in local fd00:0:0:0:0:0:0:20 5432 fd00:0:0:0:0:0:0:1 ${ports.db6}`,
        `tcp out local 10.0.0.20 ${ports.out} 10.0.0.1 9000`,
        `udp in local 10.0.0.20 5353 10.0.0.1 ${ports.stream}`,
      ].sort(),
    );
    expect(listed.sessions.find(({ localPort }) => localPort === 5432)).toMatchObject({ uid: 0, user: 'root', process: 'python3' });
    expect(listed).toMatchObject({ total: 6, truncated: false });
  });

  test('exactly the asked sessions end, and the event says how many', async () => {
    await confirmed();
    expect(await cut(sandbox, [`tcp 10.0.0.20 5432 10.0.0.1 ${ports.db4}`, `tcp fd00::20 5432 fd00::1 ${ports.db6}`, `tcp 10.0.0.20 ${ports.out} 10.0.0.1 9000`, 'tcp 10.0.0.20 5432 10.0.0.1 1'])).toEqual(
      { v: 1, asked: 4, cut: 3, forgotten: 0, failed: 0, kept: 0, gone: 1 },
    );
    await eventually(() => statesOf(sandbox), (states) => JSON.stringify(states) === JSON.stringify({ ...ALL_ALIVE, db4: 'ended', db6: 'ended', out: 'ended' }), 15_000);
    const events = (await sandbox.agent('events --after 0')).stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
    expect(events.at(-1)).toMatchObject({ event: 'sessions-cut', fields: { push: 'p1', count: 3, forgotten: 0, failed: 0, kept: 0 } });
  });
});

describe('what cut leaves alone', () => {
  beforeEach(() => start('dash'));

  test('a session of a console on the SSH port lives on, whoever asks for its end', async () => {
    await confirmed();
    expect(await cut(sandbox, [`tcp 10.0.0.20 22 10.0.0.9 ${ports.console}`])).toMatchObject({ asked: 1, cut: 0, kept: 1 });
    // Not recorded as a console, but the session over which the order came.
    expect(await cut(sandbox, [`tcp 10.0.0.20 8080 10.0.0.1 ${ports.web}`], `--ssh "10.0.0.1 ${ports.web} 10.0.0.20 8080"`)).toMatchObject({ asked: 1, cut: 0, kept: 1 });
    expect(await statesOf(sandbox)).toEqual(ALL_ALIVE);
  });

  test('while a push waits nothing is cut, so that its rollback finds the host as it was', async () => {
    statusOf(await apply(sandbox, 'p1', ENFORCE.text));
    const line = `tcp 10.0.0.20 5432 10.0.0.1 ${ports.db4}\n`;
    expect(await sandbox.agent('cut --id p1', line)).toMatchObject({ code: 4 });
    statusOf(await sandbox.agent('rollback --id p1'));
    expect(await sandbox.agent('cut --id p1', line)).toMatchObject({ code: 3, stdout: expect.stringContaining('NOT_CONFIRMED') });
    expect(await statesOf(sandbox)).toEqual(ALL_ALIVE);
  });

  test('an order that is not one is refused whole', async () => {
    await confirmed();
    const orders = ['tcp 10.0.0.20 5432 10.0.0.1', 'tcp 10.0.0.20 5432 10.0.0.1 0', 'icmp 10.0.0.20 1 10.0.0.1 1', 'tcp 10.0.0.20 5432 10.0.0.0/8 1', 'tcp 10.0.0.20 5432 $(reboot) 1', 'tcp 10.0.0.20 5432 10.0.0.1 1\n'.repeat(20_000)];
    for (const order of orders) expect(await sandbox.agent('cut --id p1', `tcp 10.0.0.20 5432 10.0.0.1 ${ports.db4}\n${order}\n`), order.slice(0, 40)).toMatchObject({ code: 2 });
    expect(await statesOf(sandbox)).toEqual(ALL_ALIVE);
  });
});

describe('where sockets cannot be ended', () => {
  beforeEach(() => start('dash'));

  test.skipIf(!existsSync('/usr/sbin/conntrack'))('a kernel that ends no sockets: connection tracking forgets the session, and its next packet is refused as new', async () => {
    await confirmed();
    await sandbox.run('mount --bind /bin/true "$(readlink -f /usr/bin/ss)"');
    expect(await cut(sandbox, [`tcp 10.0.0.20 8080 10.0.0.1 ${ports.web}`])).toMatchObject({ asked: 1, cut: 0, forgotten: 1, failed: 0 });
    await eventually(() => statesOf(sandbox), ({ web }) => web === 'ended', 15_000);
    expect(await statesOf(sandbox)).toEqual({ ...ALL_ALIVE, web: 'ended' });
  });

  test('without conntrack-tools either it is said that the session could not be cut', async () => {
    await confirmed();
    await sandbox.run('mount --bind /bin/true "$(readlink -f /usr/bin/ss)"; for f in /usr/sbin/conntrack /sbin/conntrack; do [ ! -e $f ] || mount --bind /dev/null $f; done');
    expect(await cut(sandbox, [`tcp 10.0.0.20 8080 10.0.0.1 ${ports.web}`])).toMatchObject({ asked: 1, cut: 0, forgotten: 0, failed: 1 });
    expect(await statesOf(sandbox)).toEqual(ALL_ALIVE);
    expect((await readStatus(sandbox)).pending).toBeNull();
  });
});
