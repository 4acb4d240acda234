import { afterEach, describe, expect, test } from 'vitest';
import { apply, ENFORCE, eventually, HOST_ID, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { openSandbox, type Sandbox } from './testing/sandbox.ts';
import { SHELLS } from './testing/shells.ts';

let sandbox: Sandbox;
afterEach(() => sandbox.close());

describe.each(SHELLS)('the agent under %s', (shell) => {
  const busyboxTools = shell === 'busybox sh';
  const open = () => openInstalled(shell, { busyboxTools });

  test('a fresh install loads the observe bundle and says so; a second install changes nothing', async () => {
    sandbox = await open();
    const first = await readRuleset(sandbox);
    const again = statusOf(await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text));
    expect(await readRuleset(sandbox)).toBe(first);
    expect(again).toMatchObject({ hostId: HOST_ID, loaded: true, runningBundle: OBSERVE.hash, runningMode: 'observe', confirmedBundle: OBSERVE.hash, pending: null, last: null });
    expect(again.kernelHash).toBe(again.expectedKernelHash);
  });

  test('a push that nobody confirms goes back by itself, byte for byte, and leaves no process behind', async () => {
    sandbox = await open();
    const before = await readRuleset(sandbox);
    const applied = statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text, 5));
    expect(applied).toMatchObject({ runningBundle: ENFORCE.hash, runningMode: 'enforce', runningSeq: 2, pending: { id: 'p_000000000001', by: 'tester', bundle: ENFORCE.hash } });
    expect(await readRuleset(sandbox)).not.toBe(before);
    const after = await eventually(() => readStatus(sandbox), (status) => status.pending === null, 15_000);
    expect(after.last).toMatchObject({ id: 'p_000000000001', event: 'rolled-back-timeout' });
    expect(after.runningBundle).toBe(OBSERVE.hash);
    expect(await readRuleset(sandbox)).toBe(before);
    await eventually(() => listAgentProcesses(sandbox), (lines) => lines === '', 3_000);
  });

  test('a confirmed push stays, and the timer does not fire for it', async () => {
    sandbox = await open();
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text, 60));
    const enforced = await readRuleset(sandbox);
    const confirmed = statusOf(await sandbox.agent('confirm p_000000000001'));
    expect(confirmed).toMatchObject({ confirmedBundle: ENFORCE.hash, confirmedSeq: 2, pending: null, last: { id: 'p_000000000001', event: 'confirmed' } });
    expect(await listAgentProcesses(sandbox)).toBe('');
    expect(await sandbox.agent('rollback --id p_000000000001')).toMatchObject({ code: 5 });
    expect(await readRuleset(sandbox)).toBe(enforced);
  });

  test('a rollback that is asked for restores the confirmed rules and the hash that they had', async () => {
    sandbox = await open();
    const before = await readStatus(sandbox);
    const ruleset = await readRuleset(sandbox);
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    const after = statusOf(await sandbox.agent('rollback'));
    expect(after.last).toMatchObject({ id: 'p_000000000001', event: 'rolled-back-asked' });
    expect(after.kernelHash).toBe(before.kernelHash);
    expect(await readRuleset(sandbox)).toBe(ruleset);
  });

  test('rollback --to-observe ends enforcement also after the next boot', async () => {
    sandbox = await open();
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    statusOf(await sandbox.agent('confirm p_000000000001'));
    expect(statusOf(await sandbox.agent('rollback --to-observe'))).toMatchObject({ runningMode: 'observe', confirmedBundle: OBSERVE.hash });
    await sandbox.run('nft delete table inet firebreak');
    expect(await sandbox.agent('boot')).toMatchObject({ code: 0 });
    expect(await readStatus(sandbox)).toMatchObject({ runningMode: 'observe', runningBundle: OBSERVE.hash });
  });

  test('uninstall with a push pending leaves no table, file or process, and foreign tables as they were', async () => {
    sandbox = await openSandbox(shell, { busyboxTools });
    await sandbox.run('nft add table ip foreign; nft add chain ip foreign c "{ type filter hook input priority 0; policy accept; }"; nft add rule ip foreign c tcp dport 1 drop');
    const files = () => sandbox.run('find /run /var/lib /usr/local/lib /usr/local/sbin /etc -name "*firebreak*"').then((r) => r.stdout);
    const before = [await readRuleset(sandbox), await files()];
    statusOf(await sandbox.agent(`install --host-id ${HOST_ID}`, OBSERVE.text));
    statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
    expect(await sandbox.agent('uninstall')).toMatchObject({ code: 0, stdout: '{"v":1,"uninstalled":true,"rules":"remove","othersUntouched":true,"changedSinceInstall":[],"left":[]}\n' });
    expect([await readRuleset(sandbox), await files()]).toEqual(before);
    await eventually(() => listAgentProcesses(sandbox), (lines) => lines === '', 3_000);
  });
});

/** Lines of living processes that belong to the agent; zombies only wait for the sandbox's first process. */
const listAgentProcesses = async (host: Sandbox): Promise<string> => (await host.run('ps -eo stat,args | grep -v "^Z" | grep -e "[f]irebreak-sleeper" -e "lib/[f]irebreak-agent "')).stdout;
