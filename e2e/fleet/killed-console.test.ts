import { spawn } from 'node:child_process';
import { once } from 'node:events';
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

/**
 * A console of another process pushes the draft, and is killed `laterMs` after the hosts have received that many commands of it (null: it is let be). By commands and not by
 * time alone, so that the moments fall into all of the push on a fast machine as on a busy one. Gives how many commands arrived.
 */
async function pushAndKill(killAt: { command: number; laterMs: number } | null): Promise<number> {
  const child = spawn(process.execPath, [CHILD, kit.workspacePath, KIT_PASSWORD], { stdio: ['ignore', 'pipe', 'pipe'] });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  child.stdout.resume();
  let arrived = 0;
  for (const host of kit.hosts) {
    host.onCommand = () => {
      arrived += 1;
      if (arrived === killAt?.command) setTimeout(() => child.kill('SIGKILL'), killAt.laterMs);
    };
  }
  await once(child, 'close');
  expect(errors.join('')).toBe('');
  return arrived;
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
  // How many commands one takes that nobody kills.
  kit.setPolicy(aShop('test'));
  const whole = await pushAndKill(null);
  const ends: Record<string, number> = {};
  for (let kill = 0; kill < KILLS; kill += 1) {
    kit.setPolicy(aShop(kill % 2 === 0 ? 'enforce' : 'test'));
    // A moment in each part of the push, whatever the dice say.
    const command = 1 + Math.floor(((kill + random.below(1_000) / 1_000) / KILLS) * whole);
    const laterMs = random.below(20);
    await pushAndKill({ command, laterMs });
    await reconcilePushes(kit.backend);
    const [push] = listPushes(kit.backend);
    if (push === undefined) throw new Error('the push is not stored');
    expect(contradictions(push), `kill ${kill}, ${laterMs} ms after command ${command} of ${whole}`).toEqual([]);
    for (const { step } of push.hosts) ends[step] = (ends[step] ?? 0) + 1;
  }
  console.log(`${KILLS} kills of a console that pushes to ${HOSTS} hosts (${whole} commands whole): ${Object.entries(ends).map(([step, count]) => `${step} ${count}`).join(', ')}`);
  // Else the kills all fell outside of what they are for.
  expect(Object.keys(ends).sort()).toEqual(['confirmed', 'rolled-back', 'skipped']);
  expect(verifyAudit(kit.backend.workspace.read).brokenAt).toBeNull();
  // The workspace is as good as new: what is left is pushed.
  kit.setPolicy(aShop('observe'));
  await kit.push();
  expect(new Set(kit.hosts.map((host) => host.status().runningMode))).toEqual(new Set(['observe']));
});
