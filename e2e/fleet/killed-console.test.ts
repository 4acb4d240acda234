import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { listFormerBundles } from '../../main/db/push-store.ts';
import { verifyAudit } from '../../main/db/audit-store.ts';
import { listPushes } from '../../main/services/push-service.ts';
import { reconcilePushes } from '../../main/services/reconcile-service.ts';
import type { Push } from '../../shared/model/diff.ts';
import { createRandom } from '../../shared/seeded-random.ts';
import { KIT_PASSWORD, type PushKit, startPushKit } from '../fakehost/push-kit.ts';
import { aShop } from '../fakehost/push-policies.ts';

/** A short cut of `npm run test:fleet`, which has 50 hosts and 50 kills. */
const HOSTS = Number(process.env['FIREBREAK_FLEET_KILL_HOSTS'] ?? 8);
const KILLS = Number(process.env['FIREBREAK_FLEET_KILLS'] ?? 5);
const SEED = Number(process.env['FIREBREAK_FLEET_SEED'] ?? 1);
const CHILD = new URL('../fakehost/push-child.ts', import.meta.url).pathname;

let kit: PushKit;
afterEach(() => kit.close());

/** A console of another process pushes the draft, and is killed that long after its push began (null: it is let be). Gives how long the push went on. */
async function pushAndKill(afterMs: number | null): Promise<number> {
  const child = spawn(process.execPath, [CHILD, kit.workspacePath, KIT_PASSWORD], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  const ended = once(child, 'close');
  await Promise.race([once(child.stdout, 'data'), ended]);
  const begunMs = performance.now();
  child.stdout.resume();
  if (afterMs !== null) await Promise.race([sleep(afterMs), ended]);
  if (afterMs !== null) child.kill('SIGKILL');
  await ended;
  expect(errors.join('')).toBe('');
  return performance.now() - begunMs;
}

/** What the console says of a host that contradicts what the host itself says, one line each. */
function contradictions(push: Push): string[] {
  const former = listFormerBundles(kit.backend.workspace.read, push.id);
  return push.hosts.flatMap(({ host, hostName, step, bundle }) => {
    const { runningBundle, confirmedBundle, pending } = kit.host(kit.hosts.findIndex(({ name }) => name === hostName)).status();
    const expected = step === 'confirmed' ? bundle : former.get(host);
    const isSaid = step === 'confirmed' || step === 'rolled-back' || step === 'skipped';
    const isTrue = pending === null && runningBundle === confirmedBundle && (expected === null || runningBundle === expected);
    return isSaid && isTrue ? [] : [`${hostName}: ${step}, and runs ${runningBundle} (confirmed ${confirmedBundle}, pending ${pending?.id ?? 'nothing'})`];
  });
}

test(`a console that is killed at ${KILLS} random moments of a push to ${HOSTS} hosts: each host ends confirmed or as it was, and the next console says what the host says`, { timeout: 3_600_000 }, async () => {
  kit = await startPushKit(HOSTS);
  const random = createRandom(SEED);
  // How long one takes that nobody kills, so that the moments fall into all of it.
  kit.setPolicy(aShop('test'));
  let wholeMs = await pushAndKill(null);
  const ends: Record<string, number> = {};
  for (let kill = 0; kill < KILLS; kill += 1) {
    kit.setPolicy(aShop(kill % 2 === 0 ? 'enforce' : 'test'));
    const afterMs = random.below(Math.ceil(wholeMs));
    const tookMs = await pushAndKill(afterMs);
    await reconcilePushes(kit.backend);
    const [push] = listPushes(kit.backend);
    if (push === undefined) throw new Error('the push is not stored');
    expect(contradictions(push), `kill ${kill} after ${Math.round(afterMs)} ms`).toEqual([]);
    for (const { step } of push.hosts) ends[step] = (ends[step] ?? 0) + 1;
    if (push.outcome === 'confirmed') wholeMs = Math.min(wholeMs, tookMs);
  }
  console.log(`${KILLS} kills of a console that pushes to ${HOSTS} hosts (${Math.round(wholeMs)} ms whole): ${Object.entries(ends).map(([step, count]) => `${step} ${count}`).join(', ')}`);
  expect(verifyAudit(kit.backend.workspace.read).brokenAt).toBeNull();
  // The workspace is as good as new: what is left is pushed.
  kit.setPolicy(aShop('observe'));
  await kit.push();
  expect(new Set(kit.hosts.map((host) => host.status().runningMode))).toEqual(new Set(['observe']));
});
