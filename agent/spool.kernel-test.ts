import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentSnapshotHead } from '../shared/contract/agent-replies.ts';
import { apply, ENFORCE, OBSERVE, openInstalled, statusOf } from './testing/agent-story.ts';
import type { AgentShell, Sandbox } from './testing/sandbox.ts';

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

describe.each<AgentShell>(['dash', 'bash', 'busybox sh'])('recording under %s', (shell) => {
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

  test('starts above the numbers of a former installation', async () => {
    const [before] = await drain('--after 0 --now');
    await sandbox.agent('uninstall');
    statusOf(await sandbox.run(`sh ${sandbox.programDir}/install.sh --host-id h_0123456789ab`, OBSERVE.text));
    const [after] = await drain('--after 0 --now');
    expect(after?.seq).toBeGreaterThanOrEqual(before?.seq ?? 0);
  });
});
