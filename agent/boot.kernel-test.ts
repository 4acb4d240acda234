import { afterEach, beforeEach, expect, test } from 'vitest';
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

test.each([
  ['is cut off', 'head -c 900 confirmed.nft >x; mv x confirmed.nft'],
  ['is missing', 'rm confirmed.nft'],
  ['is empty', ': >confirmed.nft'],
  ['has a flipped byte', 'sed -i s/5432/5433/ confirmed.nft'],
])('when the confirmed policy %s, the boot loads the one before', async (_what, script) => {
  await spoil(script);
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"previous.nft"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ runningBundle: OBSERVE.hash, runningMode: 'observe' });
});

test('when both are broken, the fail-safe rules let the console in and nobody else', async () => {
  await spoil('echo garbage >confirmed.nft; echo garbage >previous.nft');
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"failsafe.nft"}\n' });
  expect(await readStatus(sandbox)).toMatchObject({ loaded: true, runningMode: 'failsafe' });
  const rules = await readRuleset(sandbox);
  expect(rules).toContain('ip saddr 10.0.0.9 tcp dport 22 accept');
  expect(rules).toMatch(/\tdrop\n\t\}/);
});

test('when nothing loads, the boot fails, says that the host is open, and nothing half is loaded', async () => {
  await spoil('for f in confirmed previous failsafe; do echo garbage >$f.nft; done');
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
  await spoil('echo garbage >confirmed.nft; echo garbage >previous.nft');
  expect(await boot()).toMatchObject({ code: 0, stdout: '{"v":1,"loaded":"failsafe.nft"}\n' });
  expect(await readRuleset(sandbox)).not.toMatch(/drop|reject/);
});
