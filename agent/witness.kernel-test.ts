import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { AgentTries, AgentWitness } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, eventually, openInstalled, statusOf } from './testing/agent-story.ts';
import type { AgentShell, Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

/** Peers 10.0.0.1 and 10.0.0.3 (and fd00::1) behind a wire of the host 10.0.0.20 / fd00::20; something listens on 5432 at both ends. */
const NETWORK = `
unshare -n sleep 600 & peers=$!
while [ "$(readlink /proc/$peers/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
ip link add v0 type veth peer name v1 netns $peers || exit 1
ip link set v0 up; ip addr add 10.0.0.20/24 dev v0; ip addr add 10.0.0.21/24 dev v0; ip addr add fd00::20/64 dev v0 nodad
nsenter -t $peers -n sh -c 'ip link set lo up; ip link set v1 up; ip addr add 10.0.0.1/24 dev v1; ip addr add 10.0.0.3/24 dev v1; ip addr add fd00::1/64 dev v1 nodad
ip -6 neigh replace fd00::20 lladdr '"$(ip -o link show v0 | grep -o "ether [0-9a-f:]*" | cut -d " " -f 2)"' dev v1 nud permanent
nft add table inet theirs; nft "add chain inet theirs input { type filter hook input priority 0; }"; nft add rule inet theirs input tcp dport 7777 drop'
listen='import socket; s=socket.create_server(("::",5432),family=socket.AF_INET6,dualstack_ipv6=True); s.listen()
while True: s.accept()'
/usr/bin/python3 -c "$listen" & nsenter -t $peers -n /usr/bin/python3 -c "$listen" &
until nsenter -t $peers -n /usr/bin/python3 -c 'import socket; [socket.create_connection((a, 5432)) for a in ("10.0.0.1", "fd00::1")]' 2>/dev/null && /usr/bin/python3 -c 'import socket; socket.create_connection(("::1", 5432))' 2>/dev/null; do :; done
echo $peers >/run/peers; wait`;

let sandbox: Sandbox;
const witnesses: ChildProcessWithoutNullStreams[] = [];
afterEach(() => {
  for (const one of witnesses.splice(0)) one.kill('SIGKILL');
  sandbox.close();
});

async function start(shell: AgentShell): Promise<void> {
  sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  sandbox.start(NETWORK);
  await eventually(() => sandbox.run('cat /run/peers'), ({ code }) => code === 0, 20_000);
}
const fromPeer = (source: string, destination: string, port: number) =>
  sandbox.run(`nsenter -t $(cat /run/peers) -n /usr/bin/python3 -c 'import socket,sys
s=socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET); s.settimeout(0.5); s.bind((sys.argv[1],0)); print(s.getsockname()[1])
try: s.connect((sys.argv[2],int(sys.argv[3]))); print("connected")
except OSError as e: print(type(e).__name__)' ${source} ${destination} ${port}`).then(({ stdout }) => {
    const [ownPort = '', answer = ''] = stdout.trim().split('\n');
    return { ownPort: Number(ownPort), answer };
  });

/** A witness as the console holds it: ready once it says so, and over when `end` closes its stdin. */
async function openWitness(shell: AgentShell, pairs: readonly string[], seconds = 60): Promise<{ child: ChildProcessWithoutNullStreams; end: () => Promise<unknown> }> {
  const child = sandbox.startOpen(`exec ${shell} /usr/local/lib/firebreak/firebreak-agent witness --seconds ${seconds}`);
  witnesses.push(child);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (said += chunk));
  child.stdin.write(`${pairs.join('\n')}\ngo\n`);
  await eventually(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    return said;
  }, (text) => text.includes('\n'), 20_000);
  expect(JSON.parse(said)).toEqual({ v: 1, ready: true });
  return {
    child,
    end: async () => {
      const closed = once(child, 'close');
      child.stdin.end();
      await closed;
      return JSON.parse(said.split('\n')[1] ?? '');
    },
  };
}
const tables = async () => (await sandbox.run('nft list tables')).stdout;
const rulesetOf = async () => (await sandbox.run('nft -s -t list table inet firebreak')).stdout;
const confirmed = async () => {
  statusOf(await apply(sandbox, 'p1', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p1'));
};

describe.each(shellsInTurn(1))('under %s', (shell) => {
  test('the witness tells what came, what was let in and what went out, in both families; it changes no verdict and leaves nothing', async () => {
    await start(shell);
    await confirmed();
    const before = await rulesetOf();
    const witness = await openWitness(shell, ['10.0.0.1 10.0.0.20 5432', '10.0.0.3 10.0.0.20 5432', 'fd00::1 fd00::20 5432', '10.0.0.20 10.0.0.1 9']);
    expect(await tables()).toContain('inet firebreak_witness');
    const allowed = await fromPeer('10.0.0.1', '10.0.0.20', 5432);
    const denied = await fromPeer('10.0.0.3', '10.0.0.20', 5432);
    const deniedSix = await fromPeer('fd00::1', 'fd00::20', 5432);
    expect([allowed.answer, denied.answer, deniedSix.answer]).toEqual(['connected', 'TimeoutError', 'TimeoutError']);
    // Not asked for, so not seen.
    await fromPeer('10.0.0.1', '10.0.0.20', 8080);
    await sandbox.run(`python3 -c 'import socket; socket.create_connection(("10.0.0.1", 9))'`);
    const seen = AgentWitness.parse(await witness.end());
    expect(seen.full).toBe(false);
    const local = seen.seen.find(([point]) => point === 'sent')?.[2] ?? 0;
    expect(seen.seen.map((one) => one.join(' ')).toSorted()).toEqual(
      [
        `arrived 10.0.0.1 ${allowed.ownPort} 10.0.0.20 5432`,
        `entered 10.0.0.1 ${allowed.ownPort} 10.0.0.20 5432`,
        `arrived 10.0.0.3 ${denied.ownPort} 10.0.0.20 5432`,
        `arrived fd00:0:0:0:0:0:0:1 ${deniedSix.ownPort} fd00:0:0:0:0:0:0:20 5432`,
        `sent 10.0.0.20 ${local} 10.0.0.1 9`,
        `left 10.0.0.20 ${local} 10.0.0.1 9`,
      ].toSorted(),
    );
    expect(await tables()).toBe('table inet firebreak\n');
    expect(await rulesetOf()).toBe(before);
    expect((await sandbox.run('ls /run/firebreak | grep ^tmp')).stdout).toBe('');
  });

  test('what is tried says how it ended, from which address, in both families', async () => {
    await start(shell);
    await sandbox.run('nft add table inet own; nft "add chain inet own output { type filter hook output priority 0; }"; nft add rule inet own output tcp dport 7778 reject with icmpx type admin-prohibited');
    const result = await sandbox.agent('try', ['10.0.0.20 10.0.0.1 5432', 'fd00::20 fd00::1 5432', '10.0.0.21 10.0.0.1 9', '10.0.0.20 10.0.0.1 7777', 'fd00::20 fd00::1 7777', '10.0.0.20 10.0.0.1 7778', '192.0.2.1 10.0.0.1 9', ''].join('\n'));
    expect(result, result.stdout + result.stderr).toMatchObject({ code: 0 });
    const tries = AgentTries.parse(JSON.parse(result.stdout));
    expect(tries).toMatchObject({ tool: 'python3', user: 'root' });
    expect(tries.tries.map(({ answer }) => answer)).toEqual(['connected', 'connected', 'refused', 'timed-out', 'timed-out', 'unreachable', 'no-address']);
    expect(tries.tries.slice(0, 6).every(({ port }) => (port ?? 0) > 1024)).toBe(true);
  });
});

test('the table goes with the process that holds it: when its session dies, when it is killed, when its time is over, and nobody else can change it', async () => {
  await start('dash');
  await confirmed();
  const gone = () => eventually(tables, (text) => !text.includes('firebreak_witness'), 20_000);
  const dies = await openWitness('dash', ['10.0.0.1 10.0.0.20 5432']);
  expect((await sandbox.run('nft delete table inet firebreak_witness')).code).not.toBe(0);
  expect((await sandbox.run('nft add rule inet firebreak_witness entered drop')).code).not.toBe(0);
  const second = await sandbox.agent('witness --seconds 5', '10.0.0.1 10.0.0.20 5432\ngo\n');
  expect([second.code, JSON.parse(second.stdout)]).toMatchObject([1, { error: 'BUSY' }]);
  dies.child.kill('SIGKILL');
  await sandbox.run('kill -9 $(pgrep -f "firebreak-agent witness")');
  await gone();
  await openWitness('dash', ['10.0.0.1 10.0.0.20 5432'], 5);
  expect(await gone()).toBe('table inet firebreak\n');
});

const hasNc = existsSync('/usr/bin/nc') || existsSync('/bin/nc');
test.each([
  ['perl', ['python3'], ['connected', 'connected', 'refused', 'timed-out', 'unreachable', 'no-address'], true],
  // Not on every machine; hosts of the lab have it.
  ...(hasNc ? [['nc', ['python3', 'perl'], ['connected', 'connected', 'refused', 'timed-out', 'unreachable', 'no-address'], false] as const] : []),
  ['bash', ['python3', 'perl', 'nc'], ['connected', 'connected', 'refused', 'timed-out', 'unreachable', 'no-address'], false],
  [null, ['python3', 'perl', 'nc', 'bash'], ['no-tool', 'no-tool', 'no-tool', 'no-tool', 'no-tool', 'no-tool'], false],
] as const)('with %s where %j are not there', async (tool, hidden, answers, tellsPort) => {
  await start('dash');
  await sandbox.run('nft add table inet own; nft "add chain inet own output { type filter hook output priority 0; }"; nft add rule inet own output tcp dport 7778 reject with icmpx type admin-prohibited');
  for (const name of hidden) await sandbox.run(`for f in $(PATH=/usr/sbin:/usr/bin:/sbin:/bin; readlink -f $(command -v ${name})); do mount --bind /bin/false "$f"; done`);
  const result = await sandbox.agent('try', ['10.0.0.20 10.0.0.1 5432', 'fd00::20 fd00::1 5432', '10.0.0.20 10.0.0.1 9', '10.0.0.20 10.0.0.1 7777', '10.0.0.20 10.0.0.1 7778', '192.0.2.1 10.0.0.1 9', ''].join('\n'));
  const tries = AgentTries.parse(JSON.parse(result.stdout));
  expect(tries.tool).toBe(tool);
  expect(tries.tries.map(({ answer }) => answer)).toEqual(answers);
  expect(tries.tries[0]?.port !== null).toBe(tellsPort);
});

test('modules that lie where somebody logs in are not loaded by root', async () => {
  await start('dash');
  await sandbox.run('mkdir -p /run/login && for module in socket errno; do echo "open(\'/run/loaded\', \'w\')" >/run/login/$module.py; done');
  const planted = await sandbox.run('cd /run/login && /usr/bin/python3 -c "import socket"; ls /run/loaded && rm /run/loaded');
  expect(planted.code).toBe(0);
  const { stdout } = await sandbox.run('cd /run/login && echo "10.0.0.20 10.0.0.1 5432" | PYTHONPATH=/run/login dash /usr/local/lib/firebreak/firebreak-agent try; ls /run/loaded');
  expect(stdout).toContain('"answer":"connected"');
  expect(stdout).not.toContain('/run/loaded');
});

test.each([
  ['witness --seconds 60', 'go\n'],
  ['witness --seconds 60', '10.0.0.1 fd00::1 80\ngo\n'],
  ['witness --seconds 60', '10.0.0.1 10.0.0.2 80; flush ruleset\ngo\n'],
  ['witness --seconds 60', '10.0.0.1 10.0.0.2 0\ngo\n'],
  ['witness --seconds 9999', '10.0.0.1 10.0.0.2 80\ngo\n'],
  ['witness', '10.0.0.1 10.0.0.2 80\ngo\n'],
  ['try', ''],
  ['try', '10.0.0.1 $(reboot) 80\n'],
  ['try', '10.0.0.1 10.0.0.2 80\n'.repeat(33)],
])('%s refuses %j', async (command, stdin) => {
  sandbox = await openInstalled('dash');
  const result = await sandbox.agent(command, stdin);
  expect([result.code, JSON.parse(result.stdout).error]).toEqual([2, 'USAGE']);
  expect(await tables()).toBe('table inet firebreak\n');
});
