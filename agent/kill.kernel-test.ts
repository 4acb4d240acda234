import { expect, test } from 'vitest';
import { apply, rulesOf, ENFORCE, eventually, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { killAtLine } from './testing/kill-at-line.ts';
import type { Sandbox } from './testing/sandbox.ts';
import { killPoints } from './testing/shells.ts';

const POINTS = killPoints(12);
const WINDOW_SECONDS = 5;
const APPLY = `apply --id p_000000000001 --by tester --confirm-within ${WINDOW_SECONDS}`;
/** The window, the rollback's own work, and a machine that does other things too. */
const UNDONE_WITHIN_MS = 30_000;

/** Runs one case per point, two hosts at a time, each on a host of its own. */
async function atEveryPoint(lines: number, visit: (sandbox: Sandbox, line: number) => Promise<void>): Promise<void> {
  const points = Array.from({ length: POINTS }, (_, n) => Math.ceil(((n + 0.5) * lines) / POINTS));
  const worker = async () => {
    for (let line = points.shift(); line !== undefined; line = points.shift()) {
      const sandbox = await openInstalled('dash');
      try {
        await visit(sandbox, line);
      } catch (error) {
        points.length = 0; // the other one ends after the point that it is at
        throw error;
      } finally {
        sandbox.close();
      }
    }
  };
  const ended = await Promise.allSettled([worker(), worker()]);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

async function traceLength(words: string, prepare: (sandbox: Sandbox) => Promise<void>, stdin: string): Promise<number> {
  const sandbox = await openInstalled('dash');
  try {
    await prepare(sandbox);
    return (await killAtLine(sandbox, words, stdin, Number.POSITIVE_INFINITY)).lines;
  } finally {
    sandbox.close();
  }
}

test('kill -9 of apply at any point leaves exactly the old or the new rules, they go back by themselves, and the next push works', async () => {
  const lines = await traceLength(APPLY, async () => undefined, ENFORCE.text);
  const seen: string[] = [];
  let fresh = '';
  await atEveryPoint(lines, async (sandbox, line) => {
    const old = await readRuleset(sandbox);
    fresh ||= await enforcedRules();
    const { killed } = await killAtLine(sandbox, APPLY, ENFORCE.text, line);
    const after = rulesOf(await readRuleset(sandbox));
    expect([rulesOf(old), fresh], `killed at line ${line} of ${lines}`).toContain(after);
    seen.push(`${killed ? 'killed' : 'ended'} with ${after === fresh ? 'new' : 'old'} rules`);
    await eventually(() => readStatus(sandbox), (status) => status.pending === null && status.runningBundle === OBSERVE.hash && status.kernelHash === status.expectedKernelHash, UNDONE_WITHIN_MS);
    await eventually(() => listTimers(sandbox), (timers) => timers === '', UNDONE_WITHIN_MS);
    statusOf(await apply(sandbox, 'p_000000000002', ENFORCE.text));
    statusOf(await sandbox.agent('confirm p_000000000002'));
    statusOf(await apply(sandbox, 'p_000000000003', OBSERVE.text));
    statusOf(await sandbox.agent('confirm p_000000000003'));
    expect(await readRuleset(sandbox)).toBe(old);
  });
  expect(seen.filter((what) => what.startsWith('killed')).length, seen.join(', ')).toBeGreaterThan(POINTS / 2);
});

test('kill -9 of confirm at any point ends with what runs being what is confirmed, old or new', async () => {
  const prepare = async (sandbox: Sandbox) => void statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text, WINDOW_SECONDS));
  const lines = await traceLength('confirm p_000000000001', prepare, '');
  await atEveryPoint(lines, async (sandbox, line) => {
    await prepare(sandbox);
    await killAtLine(sandbox, 'confirm p_000000000001', '', line);
    const status = await eventually(() => readStatus(sandbox), (s) => s.pending === null && s.runningBundle === s.confirmedBundle, UNDONE_WITHIN_MS);
    expect([OBSERVE.hash, ENFORCE.hash]).toContain(status.confirmedBundle);
    await eventually(() => listTimers(sandbox), (timers) => timers === '', UNDONE_WITHIN_MS);
    const settled = await readStatus(sandbox);
    expect([settled.confirmedBundle, settled.kernelHash]).toEqual([status.confirmedBundle, settled.expectedKernelHash]);
    expect(settled.last).toMatchObject({ id: 'p_000000000001', event: settled.confirmedBundle === ENFORCE.hash ? 'confirmed' : 'rolled-back-timeout' });
  });
});

test('a rollback that is killed half way is done again', async () => {
  const sandbox = await openInstalled('dash');
  try {
    const old = await readRuleset(sandbox);
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text, WINDOW_SECONDS));
    const rollback = await eventually(() => sandbox.run('pgrep -o -f "agent rollback --id p_000000000001"'), ({ code }) => code === 0, UNDONE_WITHIN_MS);
    await sandbox.run(`kill -9 ${rollback.stdout.trim()}`);
    const status = await eventually(() => readStatus(sandbox), (s) => s.pending === null, UNDONE_WITHIN_MS);
    expect(status.last).toMatchObject({ event: 'rolled-back-timeout' });
    expect(await readRuleset(sandbox)).toBe(old);
  } finally {
    sandbox.close();
  }
});

test('an apply that is stopped for longer than its window never loads behind the back of the rollback', async () => {
  const sandbox = await openInstalled('dash');
  try {
    const old = await readRuleset(sandbox);
    // Stops it at its snapshot, which is after arming and before the load.
    const lib = '/usr/local/lib/firebreak/lib';
    await sandbox.run(`cp ${lib}/collect.sh /run/collect.sh && sed 's/^snapshot_before_swap() {/&\\n  kill -STOP $$/' /run/collect.sh >${lib}/collect.sh`);
    // Not exec: nsenter would stop with its child, and nobody would wake it.
    const stopped = sandbox.start('dash /usr/local/lib/firebreak/firebreak-agent apply --id p_000000000001 --by tester --confirm-within 5; true', ENFORCE.text);
    const ended = new Promise((resolve) => stopped.once('close', resolve));
    await eventually(() => sandbox.run('[ -d /var/lib/firebreak/pending ]'), ({ code }) => code === 0, 5_000);
    await sandbox.run(`cp /run/collect.sh ${lib}/collect.sh`);
    await ended;
    const status = await eventually(() => readStatus(sandbox), (s) => s.pending === null, 60_000);
    expect(status.last).toMatchObject({ id: 'p_000000000001', event: 'rolled-back-timeout' });
    expect(await readRuleset(sandbox)).toBe(old);
  } finally {
    sandbox.close();
  }
});

const listTimers = async (sandbox: Sandbox): Promise<string> => (await sandbox.run('ps -eo stat,args | grep -v "^Z" | grep "[f]irebreak-sleeper"')).stdout;

async function enforcedRules(): Promise<string> {
  const sandbox = await openInstalled('dash');
  try {
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    return rulesOf(await readRuleset(sandbox));
  } finally {
    sandbox.close();
  }
}
