import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AgentRun, AgentStored } from '../shared/contract/agent-replies.ts';
import { openInstalled, readStatus, statusOf } from './testing/agent-story.ts';
import type { Sandbox } from './testing/sandbox.ts';
import { shellsInTurn } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

const STATE = '/var/lib/firebreak';

async function readFootprint(after = 0): Promise<{ runs: AgentRun[]; storedBytes: number }> {
  const result = await sandbox.agent(`footprint --after ${after}`);
  expect(result, result.stderr).toMatchObject({ code: 0 });
  const lines = result.stdout.trim().split('\n').map((line): unknown => JSON.parse(line));
  return { runs: lines.slice(0, -1).map((line) => AgentRun.parse(line)), storedBytes: AgentStored.parse(lines.at(-1)).storedBytes };
}

describe.each(shellsInTurn(2))('the footprint under %s', (shell) => {
  beforeEach(async () => {
    sandbox = await openInstalled(shell, { busyboxTools: shell === 'busybox sh' });
  });

  test('has every run once, with its exit code, what it took and what drain sent', async () => {
    await sandbox.agent('collect');
    expect((await sandbox.agent('confirm p_000000000009')).code).toBe(5);
    await sandbox.agent('facts');
    const drained = await sandbox.agent('drain --after 0');
    const { runs, storedBytes } = await readFootprint();
    expect(runs.map((run) => `${run.command} ${run.exit}`)).toEqual(['install 0', 'collect 0', 'confirm 5', 'facts 0', 'drain 0']);
    expect(runs.at(-1)?.sentBytes).toBe(drained.stdout.length);
    expect(runs.map((run) => run.seq)).toEqual(runs.map((_, i) => (runs[0]?.seq ?? 0) + i));
    // An install takes far more than a hundredth of a second, which is what is counted in; nothing can take longer than it lasted on two processors.
    expect(runs[0]?.cpuMs).toBeGreaterThan(10);
    for (const run of runs) expect(run.wallMs * 64 + 20).toBeGreaterThan(run.cpuMs);
    expect(storedBytes).toBe(Number((await sandbox.run(`find ${STATE} -type f -exec cat {} + | wc -c`)).stdout));
  });

  test('says in its status which run was the last, and gives the runs above a number', async () => {
    const { runs } = await readFootprint();
    const status = await readStatus(sandbox);
    // `footprint` itself is a run too.
    expect(status.footprintSeq).toBe((runs.at(-1)?.seq ?? 0) + 1);
    expect((await readFootprint(status.footprintSeq ?? 0)).runs.map((run) => run.command)).toEqual(['status']);
  });
});

describe('the file of runs', () => {
  beforeEach(async () => {
    sandbox = await openInstalled('dash');
  });

  test('stays bounded however often the agent runs, and loses the oldest first', async () => {
    await sandbox.run(`awk 'BEGIN { for (i = 1; i <= 319; i++) printf "%d 1700000000 verify 0 40 90 - -\\n", i }' >/run/firebreak/footprint; echo '319 319' >/run/firebreak/footprint-seq`);
    await readStatus(sandbox);
    expect((await readFootprint(318)).runs.map((run) => `${run.seq} ${run.command}`)).toEqual(['319 verify', '320 status']);
    await sandbox.run(`awk 'BEGIN { for (i = 322; i <= 640; i++) printf "%d 1700000000 verify 0 40 90 - -\\n", i }' >>/run/firebreak/footprint; echo '640 319' >/run/firebreak/footprint-seq`);
    await readStatus(sandbox);
    const { runs } = await readFootprint();
    expect([runs[0]?.seq, runs.at(-1)?.seq, runs.length]).toEqual([321, 641, 321]);
    expect(Number((await sandbox.run(`cat /run/firebreak/footprint* | wc -c`)).stdout)).toBeLessThan(40_000);
  });

  test('goes on after a counter and a line that a power cut tore', async () => {
    const before = (await readFootprint()).runs;
    await sandbox.run(`printf '17 1700' >>/run/firebreak/footprint; : >/run/firebreak/footprint-seq`);
    statusOf(await sandbox.agent('status'));
    await sandbox.agent('collect');
    const { runs } = await readFootprint(before.at(-1)?.seq);
    expect(runs.map((run) => run.command)).toContain('collect');
    expect(runs.every((run) => run.seq > (before.at(-1)?.seq ?? 0))).toBe(true);
  });

  test('is gone with the agent', async () => {
    await readStatus(sandbox);
    await sandbox.agent('uninstall');
    expect((await sandbox.run('ls -A /run/firebreak')).stdout).toBe('');
  });

  test('a day above the limit is told in the journal, once, when the file is full', async () => {
    const fill = (cpuMs: number) => sandbox.run(`awk -v now=$(date +%s) 'BEGIN { for (i = 1; i <= 319; i++) printf "%d %d verify 0 ${cpuMs} 9000 - -\\n", i, now - (320 - i) * 270 }' >/run/firebreak/footprint; echo '319 319' >/run/firebreak/footprint-seq`);
    const readJournal = async () => (await sandbox.run('cat /run/journal 2>/dev/null')).stdout.split('\n').filter((line) => line.includes('of a CPU'));
    await sandbox.run('cat >/run/logger; chmod 755 /run/logger; mount --bind /run/logger "$(command -v logger)"', '#!/bin/sh\nprintf "%s\\n" "$*" >>/run/journal\n');
    await fill(2_000);
    await readStatus(sandbox);
    expect(await readJournal()).toEqual([]);
    await fill(3_000);
    await readStatus(sandbox);
    await readStatus(sandbox);
    expect(await readJournal()).toEqual(['-t firebreak -- the agent takes 1.1 % of a CPU, more than its limit of 1 %']);
  });
});

test('a run in a unit of ours counts by its cgroup and has its peak of memory; a run in a session has none', async () => {
  sandbox = await openInstalled('dash');
  // This machine has no memory controller in cgroup 2: the files of a unit are laid where the kernel would show them, and grow while the agent runs.
  await sandbox.run(`mount -t tmpfs tmpfs /sys/fs/cgroup && d=/sys/fs/cgroup/system.slice/firebreak-collect.service && mkdir -p $d &&
    echo 'usage_usec 5000000' >$d/cpu.stat && echo 12345678 >$d/memory.peak && echo '0::/system.slice/firebreak-collect.service' >/run/cgroup-of-unit`);
  await sandbox.run(`sed -i 's|/proc/self/cgroup|/run/cgroup-of-unit|' /usr/local/lib/firebreak/lib/footprint.sh`);
  await sandbox.agent('status');
  const { runs } = await readFootprint();
  expect(runs.map((run) => [run.command, run.peakBytes])).toEqual([['install', null], ['status', 12_345_678]]);
  expect(runs[1]?.cpuMs).toBe(0);
});
