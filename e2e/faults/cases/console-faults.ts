import { copyFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { SshPool } from '../../../main/ssh/ssh-pool.ts';
import type { Push } from '../../../shared/model/diff.ts';
import { openConsole, overAll, push } from '../../main-job/lab-console.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, type FaultWorld, type RulesName } from '../fault-world.ts';
import { assertInvariants, waitForNothingPending } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { watchPool } from '../watch-pool.ts';

const WINDOW_SECONDS = 8;

/**
 * Makes the version of `name` the draft, pushes it, and makes `old` the draft again. Gives the push as it is stored after the hosts have been asked
 * what they did, or the refusal.
 */
async function pushRules(world: FaultWorld, workspacePath: string, name: RulesName, sshPool: SshPool, afterPush: () => Promise<void>): Promise<Push | Error> {
  await look(workspacePath);
  const { client, backend } = openConsole(workspacePath, { sshPool });
  try {
    await client.versions.restore({ id: world.rules[name].version });
    const ended = await push(client, WINDOW_SECONDS).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
    await afterPush();
    await client.versions.restore({ id: world.rules.old.version });
    if (ended instanceof Error) return ended;
    const deadlineMs = performance.now() + 30_000;
    while ((await client.pushes.reconcile({})).length > 0 && performance.now() < deadlineMs) await delay(500);
    return await client.pushes.get({ id: ended.id });
  } finally {
    await backend.close();
  }
}

/** The case before was undone at the host, behind this console's back: it looks before it plans, as its admin would. By a pool of its own, since the other counts what goes through it. */
async function look(workspacePath: string): Promise<void> {
  const { client, backend } = openConsole(workspacePath);
  try {
    await overAll(client, 'status');
  } finally {
    await backend.close();
  }
}

/** What the console has stored must be what the host does: confirmed when and only when the new rules run. */
function assertTold(told: Push | Error, isNew: boolean): void {
  const step = told instanceof Error ? told.message : told.hosts[0]?.step;
  if ((step === 'confirmed') !== isNew) throw new Error(`the console tells “${step}”, but the ${isNew ? 'new' : 'old'} rules run`);
}

type Cut = { readonly verb: string; readonly nth: number; readonly when: 'before' | 'during' | 'after' };

/** Cut at one step of a push: the path from the console drops everything, silently, until the host has settled. */
const sshCut = ({ verb, nth, when }: Cut): FaultCase => ({
  name: `SSH cut ${when} ${verb}${nth > 1 ? ` (number ${nth})` : ''}`,
  ...(verb === 'apply' && when === 'after' ? { quick: true as const } : {}),
  run: async (world) => {
    let cutAtMs = 0;
    const cut = async () => {
      cutAtMs = performance.now();
      await world.host.cutFrom('console');
    };
    const sshPool = watchPool(async (call, run) => {
      if (call.verb !== verb || call.nth !== nth) return run();
      if (when === 'before') await cut();
      const running = run();
      running.catch(() => undefined);
      if (when === 'during') await untilUnderWay(world, verb).then(cut);
      if (when !== 'after') return running;
      const result = await running;
      await cut();
      return result;
    });
    const heal = async () => {
      await waitForNothingPending(world.host, (WINDOW_SECONDS + 40) * 1000);
      await world.host.healFrom('console');
    };
    const told = await pushRules(world, world.workspacePath, 'fresh', sshPool, heal);
    if (cutAtMs === 0) throw new Error(`the push never came to ${verb} number ${nth}: ${told instanceof Error ? told.message : JSON.stringify(told.hosts)}`);
    const running = await assertInvariants(world, { running: verb === 'confirm' && when !== 'before' ? ['old', 'fresh'] : ['old'] });
    assertTold(told, running === 'fresh');
  },
});

/** Until the agent on the host does what was asked. To say who answers takes a login shell no time, so that is not waited for. */
async function untilUnderWay(world: FaultWorld, verb: string): Promise<void> {
  if (verb === 'meet') return;
  const deadlineMs = performance.now() + 20_000;
  const script = `ps -eo args | grep -q "[/]firebreak-agent ${verb}"`;
  while ((await world.host.exec(script)).code !== 0 && performance.now() < deadlineMs) await delay(5);
}

const steps: readonly [verb: string, nth: number][] = [
  ['status', 1],
  ['meet', 1],
  ['check', 1],
  ['apply', 1],
  ['meet', 2],
  ['confirm', 1],
];
const cuts: readonly Cut[] = steps.flatMap(([verb, nth]) => (['before', 'during', 'after'] as const).map((when) => ({ verb, nth, when })));

const appliesAtOnce: FaultCase = {
  name: 'two pushes reach the host at once: one waits, the other hears of it',
  quick: true,
  run: async (world) => {
    const ids = [world.nextPushId(), world.nextPushId()] as const;
    const answers = await Promise.all(
      ids.map((id, n) => agentOverSsh(world.host, `apply --id ${id} --by console${n} --confirm-within 60`, world.rules[n === 0 ? 'fresh' : 'third'].text)),
    );
    const winner = answers.findIndex((answer) => answer.code === 0);
    const loser = answers.find((answer) => answer.code === 4);
    if (winner < 0 || loser === undefined) throw new Error(`the two ended with ${answers.map((answer) => answer.code).join(' and ')}`);
    const told: unknown = JSON.parse(loser.stdout);
    if (!loser.stdout.includes(`"id":"${ids[winner]}"`)) throw new Error(`the loser does not hear who waits: ${JSON.stringify(told)}`);
    const { code } = await agentOverSsh(world.host, `confirm ${ids[winner]}`);
    if (code !== 0) throw new Error(`the one that waits cannot be confirmed: ${code}`);
    await assertInvariants(world, { running: [winner === 0 ? 'fresh' : 'third'] });
  },
};

const twoConsoles: FaultCase = {
  name: 'two consoles push at once: what runs is what a console says that it confirmed',
  run: async (world) => {
    const otherPath = `${world.workspacePath}-other`;
    copyFileSync(world.workspacePath, otherPath);
    const plain = () => watchPool((_call, run) => run());
    const [one, other] = await Promise.all([
      pushRules(world, world.workspacePath, 'fresh', plain(), async () => undefined),
      pushRules(world, otherPath, 'third', plain(), async () => undefined),
    ]);
    const running = await assertInvariants(world, { running: ['old', 'fresh', 'third'], windowSeconds: WINDOW_SECONDS });
    const confirmed = [one, other].map((told) => !(told instanceof Error) && told.hosts[0]?.step === 'confirmed');
    if (running === 'old' ? confirmed.includes(true) : confirmed[running === 'fresh' ? 0 : 1] !== true) {
      throw new Error(
        `${running} runs; the consoles tell ${[one, other].map((told) => (told instanceof Error ? told.message : told.hosts[0]?.step)).join(' and ')}`,
      );
    }
  },
};

const rebootDuringPush: FaultCase = {
  name: 'the host reboots while the console proves: the push is never told as confirmed',
  run: async (world) => {
    const sshPool = watchPool(async (call, run) => {
      const result = await run();
      if (call.verb === 'apply') await world.host.reboot();
      return result;
    });
    const told = await pushRules(world, world.workspacePath, 'fresh', sshPool, async () => undefined);
    await assertInvariants(world, { running: ['old'], windowSeconds: WINDOW_SECONDS });
    assertTold(told, false);
  },
};

/** Somebody's rule in our table keeps the console out while a push waits; the window's end brings the way in back (I2). */
const lockedOut: FaultCase = {
  name: 'a console that is locked out in the window gets in again when it ends',
  quick: true,
  run: async (world) => {
    const sinceMs = performance.now();
    await applyRules(world, 'fresh', 5);
    await world.host.run(world.way === 'nft' ? 'nft insert rule inet firebreak input tcp dport 22 drop' : 'iptables -t security -I FB-IN 1 -p tcp --dport 22 -j DROP');
    await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: 5 });
  },
};

export const consoleCases: readonly FaultCase[] = [...cuts.map(sshCut), appliesAtOnce, twoConsoles, rebootDuringPush, lockedOut];
