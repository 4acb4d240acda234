import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apply, ENFORCE, OBSERVE, openInstalled, readRuleset, readStatus, statusOf } from './testing/agent-story.ts';
import { sampleBundle } from './testing/sample-bundle.ts';
import type { Sandbox } from './testing/sandbox.ts';

let sandbox: Sandbox;
/** Confirmed enforces, previous observes. */
beforeEach(async () => {
  sandbox = await openInstalled('dash');
  statusOf(await apply(sandbox, 'p_000000000001', ENFORCE.text));
  statusOf(await sandbox.agent('confirm p_000000000001'));
});
afterEach(() => sandbox.close());

/** What a power cut leaves: the disk. The kernel's tables, /run and all processes of the agent are gone, and the boot has another id. */
async function loseRunningState(): Promise<void> {
  await sandbox.run('pkill -KILL -f "[f]irebreak-sleeper"; rm -rf /run/firebreak; cat /proc/sys/kernel/random/uuid >/run/boot-id; mount --bind /run/boot-id /proc/sys/kernel/random/boot_id');
  await sandbox.run('nft flush ruleset');
  expect(await readRuleset(sandbox)).toBe('');
}
const boot = async () => {
  await loseRunningState();
  return sandbox.agent('boot');
};
/** A table that was changed bit by bit lists the same objects in another order than one that was loaded at once. */
const readObjects = async () => (await readRuleset(sandbox)).split(/\n(?=\t(?:set|chain|counter) |\})/).map((object) => object.trimEnd()).sort();
const spoil = (script: string) => sandbox.run(`cd /var/lib/firebreak && ${script}`);
/** The same to the second copy in /etc. */
const spoilBoth = (script: string) => sandbox.run(`for folder in /var/lib/firebreak /etc/firebreak; do cd $folder && ${script}; done`);

test('a boot loads what was confirmed, as it was', async () => {
  const before = await readObjects();
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
  expect(await readObjects()).toEqual(before);
  const status = await readStatus(sandbox);
  expect(status).toMatchObject({ runningBundle: ENFORCE.hash, runningMode: 'enforce', last: { event: 'confirmed' } });
  expect(status.kernelHash).toBe(status.expectedKernelHash);
});

test('a reboot inside the window drops what was pending and says so', async () => {
  const before = await readObjects();
  statusOf(await apply(sandbox, 'p_000000000002', sampleBundle({ mode: 'enforce', policy: 3, allowedPort: 80 }).text));
  expect(await boot()).toMatchObject({ code: 0 });
  expect(await readObjects()).toEqual(before);
  expect(await readStatus(sandbox)).toMatchObject({ pending: null, runningBundle: ENFORCE.hash, last: { id: 'p_000000000002', event: 'rolled-back-boot' } });
  expect(await sandbox.agent('confirm p_000000000002')).toMatchObject({ code: 5 });
});

test('a power cut after the point of no return of a confirmation keeps the new policy', async () => {
  statusOf(await apply(sandbox, 'p_000000000002', OBSERVE.text));
  await spoil('mv pending/bundle.nft confirmed.nft');
  expect(await boot()).toMatchObject({ code: 0 });
  expect(await readStatus(sandbox)).toMatchObject({ pending: null, runningBundle: OBSERVE.hash, confirmedBundle: OBSERVE.hash, last: { id: 'p_000000000002', event: 'confirmed' } });
});

test('a boot unit that is started while a push waits, with nothing flushed, leaves it to its timer', async () => {
  statusOf(await apply(sandbox, 'p_000000000002', OBSERVE.text));
  expect(await sandbox.agent('boot')).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"kept"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ pending: { id: 'p_000000000002' }, runningBundle: OBSERVE.hash });
});

describe('another whole policy in the place of the confirmed one', () => {
  const replace = () => sandbox.run('cat >/var/lib/firebreak/confirmed.nft', sampleBundle({ mode: 'test', policy: 9 }).text);
  const isMended = async () => {
    expect(await readStatus(sandbox)).toMatchObject({ runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash });
    expect((await sandbox.run('cmp /var/lib/firebreak/confirmed.nft /etc/firebreak/confirmed.nft')).code).toBe(0);
    expect((await sandbox.agent('events --after 0')).stdout).toContain('"event":"tampered","fields":{"what":"agent-file","difference":"/var/lib/firebreak/confirmed.nft"}');
  };

  test('is not booted', async () => {
    await replace();
    expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
    await isMended();
  });

  test('is not what a rollback loads, nor what verify keeps', async () => {
    await replace();
    expect(statusOf(await sandbox.agent('rollback'))).toMatchObject({ runningBundle: ENFORCE.hash });
    expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: 'agent-file', unrepaired: '' });
    await isMended();
  });

  test('is not what an install again keeps', async () => {
    await replace();
    const result = await sandbox.run(`exec sh ${sandbox.programDir}/install.sh --host-id h_0123456789ab`, OBSERVE.text);
    expect(result, result.stdout).toMatchObject({ code: 0 });
    await isMended();
  });

  test('is the confirmed one where the state was lost', async () => {
    await replace();
    await sandbox.run('rm /var/lib/firebreak/state');
    expect(await boot()).toMatchObject({ code: 0 });
    expect((await readStatus(sandbox)).runningMode).toBe('test');
  });
});

test('after rollback --to-observe the observe bundle is the confirmed one', async () => {
  statusOf(await sandbox.agent('rollback --to-observe'));
  expect(JSON.parse((await sandbox.agent('verify')).stdout)).toMatchObject({ found: '' });
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
  expect((await readStatus(sandbox)).runningBundle).toBe(OBSERVE.hash);
});

const DAMAGE = [
  ['is cut off', 'head -c 900 confirmed.nft >x; mv x confirmed.nft'],
  ['is missing', 'rm confirmed.nft'],
  ['is empty', ': >confirmed.nft'],
  ['has a flipped byte', 'sed -i s/5432/5433/ confirmed.nft'],
] as const;

test.each(DAMAGE)('when the confirmed policy %s, the boot loads its second copy, mends it and says so', async (_what, script) => {
  const before = await readObjects();
  await spoil(script);
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"confirmed.nft"}\n' });
  expect(await readObjects()).toEqual(before);
  expect(await readStatus(sandbox)).toMatchObject({ runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash });
  expect((await sandbox.run('cmp /var/lib/firebreak/confirmed.nft /etc/firebreak/confirmed.nft')).code).toBe(0);
  expect((await sandbox.agent('events --after 0')).stdout).toContain('"event":"tampered","fields":{"what":"agent-file","difference":"/var/lib/firebreak/confirmed.nft"}');
});

test.each(['rm -rf /etc/firebreak', 'rm -rf /var/lib/firebreak'])('after %s the boot loads what was confirmed', async (script) => {
  const before = await readObjects();
  await sandbox.run(script.replace('rm -rf', 'find').concat(' -mindepth 1 -delete'));
  expect(await boot()).toMatchObject({ code: 0 });
  expect(await readObjects()).toEqual(before);
  expect(await readStatus(sandbox)).toMatchObject({ hostId: 'h_0123456789ab', runningBundle: ENFORCE.hash, confirmedBundle: ENFORCE.hash });
});

test('a second boot command of the same boot finds nothing to do', async () => {
  await boot();
  expect(await sandbox.agent('boot')).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"kept"}\n' });
});

test.each(DAMAGE)('when the confirmed policy and its copy %s, the boot loads the one before', async (_what, script) => {
  await spoilBoth(script);
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"previous.nft"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ runningBundle: OBSERVE.hash, runningMode: 'observe' });
});

test('when both are broken, the fail-safe rules let the console in and nobody else', async () => {
  await spoilBoth('echo garbage >confirmed.nft; echo garbage >previous.nft');
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"failsafe.nft"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ loaded: true, runningMode: 'failsafe' });
  const rules = await readRuleset(sandbox);
  expect(rules).toContain('ip saddr 10.0.0.9 tcp dport 22 accept');
  expect(rules).toMatch(/\tdrop\n\t\}/);
});

test('when nothing loads, the boot fails, says that the host is open, and nothing half is loaded', async () => {
  await spoilBoth('for f in confirmed previous failsafe; do echo garbage >$f.nft; done');
  const result = await boot();
  expect(result.code).toBe(1);
  expect(JSON.parse(result.stdout)).toMatchObject({ error: 'RESTORE_FAILED' });
  expect(await readRuleset(sandbox)).toBe('');
});

test('a boot works with a state folder that cannot be written', async () => {
  const before = await readObjects();
  await sandbox.run('mkdir /run/copy; cp -a /var/lib/firebreak/. /run/copy; mount --bind /run/copy /var/lib/firebreak; mount -o remount,bind,ro /var/lib/firebreak');
  expect(await boot()).toMatchObject({ code: 0 });
  expect(await readObjects()).toEqual(before);
});

test('the fail-safe rules of a policy that does not enforce block nothing', async () => {
  statusOf(await apply(sandbox, 'p_000000000002', sampleBundle({ mode: 'test', policy: 3 }).text));
  statusOf(await sandbox.agent('confirm p_000000000002'));
  await spoilBoth('echo garbage >confirmed.nft; echo garbage >previous.nft');
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"failsafe.nft"}\n' });
  expect(await readRuleset(sandbox)).not.toMatch(/drop|reject/);
});
