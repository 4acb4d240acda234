import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, expect, test } from 'vitest';
import { createBackend, type Backend } from '../../main/services/backend.ts';
import { editDraft } from '../../main/services/draft.ts';
import { getHost } from '../../main/services/find-host.ts';
import { listPushes } from '../../main/services/push-service.ts';
import { preparePlan } from '../../main/services/plan-service.ts';
import { reconcilePushes } from '../../main/services/reconcile-service.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import { aRule } from '../../shared/policy/testing/builders.ts';
import { KIT_PASSWORD, type PushKit, startPushKit } from '../fakehost/push-kit.ts';
import { aShop } from '../fakehost/push-policies.ts';

/** RELIABILITY.md R13. `npm run test:fleet` has 100 rounds. */
const ROUNDS = Number(process.env['FIREBREAK_CONSOLE_ROUNDS'] ?? 4);
const CHILD = new URL('../fakehost/push-child.ts', import.meta.url).pathname;

let kit: PushKit;
let other: Backend | null = null;
afterEach(async () => {
  await other?.close();
  other = null;
  await kit.close();
});

/** Lets in one port, which no other draft does. */
const draft = (backend: Backend, mode: ZoneMode, port: number) => {
  const policy = { ...aShop(mode), rules: [aRule({ from: 'any', to: 'app=shop', services: `tcp/${port}` })] };
  editDraft(backend, { action: 'policy.importText', subject: 'test', detail: '' }, () => ({ policy, result: undefined }));
};
const running = () => kit.host(0).status();

/** A console of its own process pushes the draft of that workspace. What it says when it may not is its exit. */
async function pushIn(workspacePath: string): Promise<void> {
  const child = spawn(process.execPath, [CHILD, workspacePath, KIT_PASSWORD], { stdio: 'ignore' });
  await once(child, 'close');
}

/** The same workspace on another machine: a copy of its file, with the key that signs. */
async function openCopy(): Promise<{ backend: Backend; path: string }> {
  const path = `${kit.workspacePath}-other`;
  await kit.backend.workspace.copyTo(path);
  const backend = createBackend({ workspacePath: path, user: 'eve' });
  backend.secrets.set(getHost(backend, 'host-1').id, { sshPassword: KIT_PASSWORD, sudoPassword: null });
  return { backend, path };
}

test('a console that planned before another one pushed is refused, sees that in its next plan, and can then replace it', async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  const copy = await openCopy();
  other = copy.backend;
  draft(copy.backend, 'enforce', 5001);
  await pushIn(copy.path);
  expect(running().runningMode).toBe('enforce');
  draft(kit.backend, 'test', 5002);
  const late = (await kit.push({ planHash: preparePlan(kit.backend, null).plan.hash })).at(-1);
  expect(late?.hosts[0]).toMatchObject({ step: 'failed', detail: expect.stringContaining('runs other rules than this push was planned on') });
  expect(running().runningMode).toBe('enforce');
  expect(preparePlan(kit.backend, null).plan.warnings).toContain('host-1 runs rules that this workspace did not make: another console pushed them, and they would be replaced');
  expect((await kit.push()).at(-1)?.hosts[0]).toMatchObject({ step: 'confirmed' });
  expect(running().runningMode).toBe('test');
});

test(`two consoles push to one host at once, ${ROUNDS} times: what runs is what the one that confirmed it says, and nobody says it of anything else`, { timeout: 3_600_000 }, async () => {
  kit = await startPushKit(1);
  kit.setPolicy(aShop('test'));
  await kit.push();
  const copy = await openCopy();
  other = copy.backend;
  const consoles = [{ backend: kit.backend, path: kit.workspacePath }, copy];
  const wins = [0, 0];
  let refused = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, { backend }] of consoles.entries()) draft(backend, index === 0 ? 'enforce' : 'test', 10_000 + 2 * round + index);
    await Promise.all(consoles.map(({ path }) => pushIn(path)));
    const status = running();
    expect(status.pending, `round ${round}`).toBeNull();
    expect(status.runningBundle).toBe(status.confirmedBundle);
    for (const [index, { backend }] of consoles.entries()) {
      await reconcilePushes(backend);
      const push = listPushes(backend)[0];
      const [host] = push?.hosts ?? [];
      if (host?.step === 'confirmed' && status.last?.id === push?.id) {
        expect(status.confirmedBundle).toBe(host.bundle);
        wins[index] = (wins[index] ?? 0) + 1;
      }
      if (host?.step === 'failed') refused += 1;
      expect(['confirmed', 'failed', 'rolled-back'], `round ${round}, console ${index}: ${host?.detail}`).toContain(host?.step);
    }
  }
  console.log(`${ROUNDS} rounds of two consoles: the first had the last word ${wins[0]} times, the second ${wins[1]} times; ${refused} pushes were refused because of the other`);
  expect((wins[0] ?? 0) + (wins[1] ?? 0)).toBe(ROUNDS);
});
