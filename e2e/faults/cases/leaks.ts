import { atLine, lineAt } from '../at-line.ts';
import type { FaultCase } from '../fault-case.ts';
import { applyRules, confirmPush, type FaultWorld, readStatus, type RulesName } from '../fault-world.ts';
import { assertInvariants, waitForNothingPending } from '../invariants.ts';
import { agentOverSsh } from '../over-ssh.ts';
import { LETS, ProbeStream } from '../probes.ts';

/** Runs the case under a stream of probes; the probes are judged also when the case itself went well, and never hide why it did not. */
async function underProbes(world: FaultWorld, run: (stream: ProbeStream) => Promise<void>): Promise<void> {
  const stream = await ProbeStream.open(world.peer, world.host);
  let isDone = false;
  try {
    await run(stream);
    isDone = true;
  } finally {
    await stream.judge().catch((error: unknown) => {
      if (isDone) throw error;
    });
  }
}

async function takeOver(world: FaultWorld, name: RulesName): Promise<void> {
  await confirmPush(world, await applyRules(world, name, 60));
}

async function mustEndWell(world: FaultWorld, words: string): Promise<void> {
  const { code, stdout } = await agentOverSsh(world.host, words);
  if (code !== 0) throw new Error(`${words} ended with ${code}: ${stdout}`);
}

const modes: FaultCase = {
  name: 'observe, test and enforce, and each change between them',
  quick: true,
  run: (world) =>
    underProbes(world, async (stream) => {
      await stream.hold('enforce', LETS.old);
      await stream.phase('enforce to observe', LETS.opening, () => mustEndWell(world, 'rollback --to-observe'));
      await stream.hold('observe', LETS.open);
      await stream.phase('observe to test', LETS.open, () => takeOver(world, 'tested'));
      await stream.hold('test', LETS.open);
      await stream.phase('test to enforce', LETS.opening, () => takeOver(world, 'old'));
      await stream.hold('enforce again', LETS.old);
      await assertInvariants(world, { running: ['old'] });
    }),
};

const window: FaultCase = {
  name: 'applying, waiting and rolling back by the timer',
  quick: true,
  run: (world) =>
    underProbes(world, async (stream) => {
      await stream.hold('before', LETS.old);
      const sinceMs = performance.now();
      await stream.phase('applying', LETS.between, () => applyRules(world, 'fresh', 10));
      await stream.hold('waiting', LETS.fresh);
      const { pending } = await stream.phase('waiting or rolling back', LETS.between, () => readStatus(world.host));
      if (pending === null) throw new Error('the window was over before the phase of waiting was: the machine is too slow for this case');
      await stream.phase('rolling back', LETS.between, () => waitForNothingPending(world.host, 30_000));
      await stream.hold('rolled back', LETS.old);
      await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: 10 });
    }),
};

const confirming: FaultCase = {
  name: 'applying, confirming and rolling back as asked',
  run: (world) =>
    underProbes(world, async (stream) => {
      const id = await stream.phase('applying', LETS.between, () => applyRules(world, 'fresh', 60));
      await stream.phase('confirming', LETS.fresh, () => confirmPush(world, id));
      const other = await stream.phase('applying the former', LETS.between, () => applyRules(world, 'old', 60));
      await stream.phase('rolling back', LETS.between, () => mustEndWell(world, `rollback --id ${other}`));
      await stream.hold('rolled back', LETS.fresh);
      await assertInvariants(world, { running: ['fresh'] });
    }),
};

const killed: FaultCase = {
  name: 'apply killed in the middle, until the timer has put back',
  run: (world) =>
    underProbes(world, async (stream) => {
      const words = () => `apply --id ${world.nextPushId()} --by tester --confirm-within 5`;
      const trace = await stream.phase('applying', LETS.between, () => atLine(world, 'count', 0, words(), world.rules.fresh.text));
      await stream.phase('rolling back', LETS.between, () => waitForNothingPending(world.host, 30_000));
      const sinceMs = performance.now();
      await stream.phase('killed', LETS.between, () => atLine(world, 'kill-tree', lineAt(trace, 0.8), words(), world.rules.fresh.text));
      await stream.phase('until put back', LETS.between, () => waitForNothingPending(world.host, 30_000));
      await stream.hold('put back', LETS.old);
      await assertInvariants(world, { running: ['old'], sinceMs, windowSeconds: 5 });
    }),
};

const boot: FaultCase = {
  name: 'a reboot lets nothing through that the confirmed policy refuses',
  quick: true,
  run: (world) =>
    underProbes(world, async (stream) => {
      await stream.hold('before', LETS.old);
      await stream.phase('going down and booting', LETS.rebooting, () => world.host.reboot());
      await stream.hold('booted', LETS.old);
      await assertInvariants(world, { running: ['old'] });
    }),
};

const bootInWindow: FaultCase = {
  name: 'a reboot in the confirm window: nothing that only the unconfirmed policy allows comes through after it',
  run: (world) =>
    underProbes(world, async (stream) => {
      await applyRules(world, 'fresh', 60);
      await stream.hold('waiting', LETS.fresh);
      await stream.phase('going down and booting', { ...LETS.rebooting, fresh: 'either' }, () => world.host.reboot());
      await stream.hold('booted', LETS.old);
      await assertInvariants(world, { running: ['old'] });
    }),
};

const failsafe: FaultCase = {
  name: 'a boot with every policy file broken: the rules of last resort let only the console in',
  run: (world) =>
    underProbes(world, async (stream) => {
      await world.host.run('for f in /var/lib/firebreak/confirmed.nft /etc/firebreak/confirmed.nft /var/lib/firebreak/previous.nft; do echo broken >$f; done');
      await stream.phase('going down and booting', { ...LETS.rebooting, always: 'either' }, () => world.host.reboot());
      await stream.hold('last resort', LETS.failsafe);
      const { runningMode } = await readStatus(world.host);
      if (runningMode !== 'failsafe') throw new Error(`the boot loaded ${String(runningMode)}`);
      // As an admin would: what cannot be put right from a copy comes from the install.
      await stream.phase('to observe', { always: 'either', old: 'either', fresh: 'either', never: 'either' }, () => mustEndWell(world, 'rollback --to-observe'));
      await stream.hold('observe', LETS.open);
    }),
};

const flushed: FaultCase = {
  name: 'flushed by somebody else: open until verify runs, and as before after it',
  quick: true,
  run: (world) =>
    underProbes(world, async (stream) => {
      await stream.hold('before', LETS.old);
      await stream.phase('flushed', LETS.opening, () => world.host.run('nft delete table inet firebreak'));
      await stream.hold('open', LETS.open, 0.2);
      await stream.phase('verify', LETS.opening, () => mustEndWell(world, 'verify'));
      await stream.hold('put right', LETS.old);
      await assertInvariants(world, { running: ['old'] });
    }),
};

const flushedByService: FaultCase = {
  name: 'a restart of nftables.service: as before when ours have come back after it',
  run: (world) =>
    underProbes(world, async (stream) => {
      await stream.hold('before', LETS.old);
      await stream.phase('restarting', LETS.opening, async () => {
        await world.host.run('systemctl restart nftables.service');
        await assertInvariants(world, { running: ['old'] });
      });
      await stream.hold('back', LETS.old);
    }),
};

export const leakCases: readonly FaultCase[] = [modes, window, confirming, killed, boot, bootInWindow, failsafe, flushed, flushedByService];
