import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentSnapshotHead } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, eventually, OBSERVE, openInstalled, statusOf } from './testing/agent-story.ts';
import { killAtLine } from './testing/kill-at-line.ts';
import type { Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

type Line = AgentSnapshotHead & { sets: Record<string, { elem: { val: { concat: (string | number)[] }; expires: number; counter: { packets: number } } }[]> };

async function drain(words: string): Promise<Line[]> {
  const result = await sandbox.agent(`drain ${words}`);
  expect(result, result.stderr).toMatchObject({ code: 0 });
  return result.stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const json: Line = JSON.parse(line);
      return { ...AgentSnapshotHead.parse(json), sets: json.sets };
    });
}
const connect = (ports: readonly number[]) => sandbox.run(ports.map((port) => `busybox nc -w1 127.0.0.1 ${port} </dev/null`).join('; '));
const spoolFiles = async () => (await sandbox.run('ls /var/lib/firebreak/spool')).stdout.split('\n').filter((name) => name !== '');

describe.each(shellsInTurn(1))('recording under %s', (shell) => {
  beforeEach(async () => {
    sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  });

  test('every connection is in the snapshot, empty sets are empty lists, and the keys are whole', async () => {
    await connect([4001, 4002]);
    const [snapshot] = await drain('--after 0 --now');
    expect(snapshot?.sets['in4x']?.map((element) => element.elem.val.concat)).toEqual([
      ['127.0.0.1', 'tcp', 4001],
      ['127.0.0.1', 'tcp', 4002],
    ]);
    expect(snapshot).toMatchObject({ bundle: OBSERVE.hash, mode: 'observe', counters: { lost_in: 0 }, sets: { in6: [], fwd4: [], miss_out6x: [] } });
  });

  test('what was counted before a push belongs to the old policy, and counting goes on in the same epoch', async () => {
    await connect([4001]);
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    await connect([4001]);
    const [before, after, ...more] = await drain('--after 0 --now');
    expect(more).toEqual([]);
    expect([before?.bundle, after?.bundle]).toEqual([OBSERVE.hash, ENFORCE.hash]);
    expect(after?.epoch).toBe(before?.epoch);
    const packets = [before, after].map((line) => line?.sets['in4x']?.find((element) => element.elem.val.concat[2] === 4001)?.elem.counter.packets);
    expect(packets[0]).toBe(1);
    expect(packets[1]).toBeGreaterThan(1);
    expect(after?.sets['miss_in4x']?.map((element) => element.elem.val.concat)).toEqual([['127.0.0.1', 'tcp', 4001]]);
  });
});

describe.each(shellsInTurn(2))('processes and units under %s', (shell) => {
  beforeEach(async () => {
    sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  });

  test('an outgoing connection that is open has its process, whatever that calls itself; a listener and what came in to it have none', async () => {
    await sandbox.run('ip addr add 10.9.9.1/32 dev lo');
    const server = sandbox.start('exec python3 -', 'import socket, time\nserver = socket.create_server(("", 4001))\npeer = server.accept()\ntime.sleep(600)\n');
    const script = 'import socket, time\nopen("/proc/self/comm", "w").write(\'a"b\\\\]c\')\nfor i in range(300):\n  try:\n    s = socket.create_connection(("10.9.9.1", 4001)); break\n  except OSError: time.sleep(0.1)\ntime.sleep(600)\n';
    const client = sandbox.start('exec python3 -', script);
    await eventually(() => sandbox.run('grep -c ":0FA1 01 " /proc/net/tcp'), (found) => found.stdout.trim() === '1', 30_000);
    const [snapshot] = await drain('--after 0 --now');
    expect(snapshot?.processes).toEqual({ sockets: [['10.9.9.1', 'tcp', 4001, 0, 'a"b\\]c']], units: [] });
    client.kill('SIGKILL');
    server.kill('SIGKILL');
  });

  test('a unit that ended before the snapshot keeps its name where verify saw it, and has none after a reboot', async () => {
    const slice = `firebreak-test-${process.pid}.slice`;
    const root = (await sandbox.run("awk '$3 == \"cgroup2\" { print $2; exit }' /proc/mounts")).stdout.trim();
    const unit = `${root}/${slice}/short.service`;
    try {
      await sandbox.run(`mkdir -p ${unit} && echo 0 >${unit}/cgroup.procs && busybox nc -w1 127.0.0.1 4001 </dev/null`);
      await sandbox.agent('verify');
      await sandbox.run(`rmdir ${unit}`);
      const [named] = await drain('--after 0 --now');
      expect(Object.values(named?.cgroups ?? {})).toEqual([`${slice}/short.service`]);
      // It lies in memory: after a reboot another unit may have the number.
      await sandbox.run('rm /run/firebreak/cgroups');
      const [unnamed] = await drain(`--after ${named?.seq} --now`);
      expect([unnamed?.cgroups, unnamed?.sets['out4']?.length]).toEqual([{}, 1]);
    } finally {
      await sandbox.run(`rmdir ${unit} ${root}/${slice}`);
    }
  });
});

describe('the spool', () => {
  beforeEach(async () => {
    sandbox = await openInstalled('dash');
  });

  test('keeps one file an hour for a policy, the latest, and its number rises', async () => {
    const first = await drain('--after 0 --now');
    const second = await drain('--after 0 --now');
    expect((await spoolFiles()).length).toBe(1);
    expect(second.map((line) => line.seq)).toEqual([(first[0]?.seq ?? 0) + 1]);
    expect(await drain(`--after ${second[0]?.seq}`)).toEqual([]);
  });

  test('begins a new epoch when the table was flushed and loaded again', async () => {
    const [before] = await drain('--after 0 --now');
    await sandbox.run('nft flush ruleset');
    expect(JSON.parse((await sandbox.agent('collect')).stdout)).toEqual({ v: 1, seq: before?.seq });
    statusOf(await sandbox.agent('rollback'));
    const [, after] = await drain('--after 0 --now');
    expect(after?.epoch).not.toBe(before?.epoch);
  });

  test('skips a damaged file and gives the others', async () => {
    await drain('--after 0 --now');
    await sandbox.run('cd /var/lib/firebreak/spool && f=$(ls) && for n in 1 2 3; do cp "$f" "00000000000$n.$n.aaaaaaaa.bbbbbbbbbbbb.gz"; done; head -c 60 "$f" >000000000002.2.aaaaaaaa.bbbbbbbbbbbb.gz');
    expect((await drain('--after 0')).length).toBe(3);
  });

  test('keeps the newest 720 hours and no more than 256 MB, whatever the clock says', async () => {
    await sandbox.run('cd /var/lib/firebreak/spool && i=1; while [ $i -le 730 ]; do : >"$(printf %012d $i).$((900000 - i)).aaaaaaaa.bbbbbbbbbbbb.gz"; i=$((i + 1)); done; truncate -s 300M 000000000700.899300.aaaaaaaa.bbbbbbbbbbbb.gz');
    await sandbox.agent('collect');
    const kept = await spoolFiles();
    // 701 to 730 and the new one: the file of 300 MB and all that is older went.
    expect([kept[0]?.slice(0, 12), kept.length]).toEqual(['000000000701', 31]);
    await sandbox.run('cd /var/lib/firebreak/spool && i=1; while [ $i -le 730 ]; do : >"$(printf %012d $i).$((900000 - i)).aaaaaaaa.bbbbbbbbbbbb.gz"; i=$((i + 1)); done');
    await sandbox.agent('collect');
    expect((await spoolFiles()).length).toBe(720);
  });

  test('a collect that is killed anywhere leaves the snapshots before it, and numbers that rise', async () => {
    const { lines } = await killAtLine(sandbox, 'collect', '', Number.POSITIVE_INFINITY);
    const [first] = await drain('--after 0 --now');
    let cursor = first?.seq ?? 0;
    for (const part of [0.3, 0.5, 0.7, 0.8, 0.9, 0.95]) {
      const { killed } = await killAtLine(sandbox, 'collect', '', Math.round(lines * part));
      expect(killed).toBe(true);
      expect((await drain(`--after ${(first?.seq ?? 1) - 1}`)).length).toBe(1);
      const [next] = await drain(`--after ${cursor} --now`);
      expect(next?.seq).toBeGreaterThan(cursor);
      cursor = next?.seq ?? 0;
    }
    expect((await spoolFiles()).length).toBe(1);
  }, 120_000);

  test('a disk that fills up while a snapshot is written keeps the former one, and the console gets the new one', async () => {
    sandbox.close();
    sandbox = await openInstalled('dash', { stateBytes: 2_000_000 });
    const [before] = await drain('--after 0 --now');
    const peers = Array.from({ length: 3000 }, (_, i) => `10.${(i * 7919) % 251}.${(i * 104_729) % 241}.${(i * 1_299_709) % 239} . tcp . ${1024 + ((i * 15_485_863) % 60_000)}`);
    expect((await sandbox.run('nft -f -', `add element inet firebreak in4x { ${[...new Set(peers)].join(', ')} }\n`)).code).toBe(0);
    await sandbox.run('cd /var/lib/firebreak; cat /dev/zero >ballast 2>/dev/null; truncate -s -8192 ballast');
    expect(await sandbox.agent('collect')).toMatchObject({ code: 7, stdout: expect.stringContaining('SPOOL_NOT_WRITTEN') });
    expect((await drain('--after 0')).map((line) => line.seq)).toEqual([before?.seq]);
    const [kept, fresh] = await drain('--after 0 --now');
    expect([kept?.seq, fresh?.sets['in4x']?.length]).toEqual([before?.seq, new Set(peers).size]);
    await sandbox.run('rm /var/lib/firebreak/ballast');
    expect((await drain('--after 0 --now')).map((line) => line.seq)).toEqual([(before?.seq ?? 0) + 1]);
  });

  test('a clock that jumps ten years ahead and twenty back loses no snapshot, and numbers rise', async () => {
    const setClock = (offsetSeconds: number) => sandbox.run(`mountpoint -q /usr/bin/date || { cp /usr/bin/date /run/real-date && touch /run/date && mount --bind /run/date /usr/bin/date; }; printf '#!/bin/sh\\necho $(($(/run/real-date +%%s) + ${offsetSeconds}))\\n' >/run/date; chmod 755 /run/date`);
    const year = 31_536_000;
    const [first] = await drain('--after 0 --now');
    await setClock(10 * year);
    await sandbox.agent('collect');
    await setClock(-10 * year);
    await sandbox.agent('collect');
    const lines = await drain('--after 0');
    expect(lines.map((line) => line.seq)).toEqual([0, 1, 2].map((n) => (first?.seq ?? 0) + n));
    expect(lines.map((line) => Math.round((line.at - (first?.at ?? 0)) / year))).toEqual([0, 10, -10]);
  });

  test('starts above the numbers of a former installation', async () => {
    const [before] = await drain('--after 0 --now');
    await sandbox.agent('uninstall');
    statusOf(await sandbox.run(`sh ${sandbox.programDir}/install.sh --host-id h_0123456789ab`, OBSERVE.text));
    const [after] = await drain('--after 0 --now');
    expect(after?.seq).toBeGreaterThanOrEqual(before?.seq ?? 0);
  });
});
