import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError } from '../../shared/errors.ts';
import { assertSameMachine } from './host-machine.ts';
import { settleHost } from './push-settle.ts';
import { findDisproof, judgeStatus } from './push-truth.ts';
import { type HostLoad, type PushWorld, throwIfOver } from './push-world.ts';

const LEAST_PROOF_MS = 20_000;

/**
 * Loads the bundle with the rollback armed (the host takes a snapshot first, which is fetched at the end), proves over a new connection that the host still lets the
 * console in and runs what was sent, and confirms over that connection, which the new rules let in; never over the one of before. Every step is stored before it is acted on. Whatever is not as expected is never
 * confirmed; the host then goes back by itself, and is asked until it says so. Gives whether the host confirmed.
 */
export async function loadHost(world: PushWorld, load: HostLoad): Promise<boolean> {
  let loading = true;
  try {
    world.move(load.host, 'applying', '');
    const status = await world.agents.apply(load.target, load);
    world.keepStatus(load.host, status);
    loading = false;
    world.move(load.host, 'applied', `goes back by itself in ${load.confirmWithinSeconds} s unless confirmed`);
    await proveHost(world, load, status);
    await confirmHost(world, load);
  } catch (error) {
    throwIfOver(error);
    if (!(await settleHost(world, load, { error, loading }))) return false;
  }
  // Only now: what is cut cannot be put back, and until here the host could still go back to its former rules.
  await world.cutSessions(load);
  await world.collect(load);
  return true;
}

/**
 * What the host read back from its kernel after loading must be this push and nothing else, and a new connection that the new rules let in is the proof that the admin
 * is not locked out. Whether the kernel still holds them when they are confirmed, `confirm` looks at itself, with the host's lock held: nothing comes in between.
 */
async function proveHost(world: PushWorld, load: HostLoad, loaded: AgentStatus): Promise<void> {
  world.move(load.host, 'proving', 'over a new connection');
  const disproof = findDisproof(loaded, load);
  if (disproof !== null) throw new FirebreakError('CONFIRM_REFUSED', { host: load.hostName, detail: disproof });
  const met = await world.meet(load.target, { freshConnection: 'then-shared', timeoutMs: proofTimeoutMs(load) });
  if (met !== null) assertSameMachine(load.hostName, world.keepMachine(load.host, met.machineId));
  world.move(load.host, 'proved', '');
}

async function confirmHost(world: PushWorld, load: HostLoad): Promise<void> {
  world.move(load.host, 'confirming', '');
  const status = await world.agents.confirm(load.target, load.pushId, { timeoutMs: proofTimeoutMs(load) });
  world.keepStatus(load.host, status);
  const truth = judgeStatus(status, load);
  if (truth.kind !== 'confirmed') throw new FirebreakError('CONFIRM_REFUSED', { host: load.hostName, detail: truth.detail });
  world.moveToConfirmed(load, truth.detail);
}

/** Half of the window, so that a slow host is given more time by a longer one; never longer than the window, since a proof that comes later proves nothing. */
function proofTimeoutMs({ confirmWithinSeconds }: HostLoad): number {
  return Math.min(confirmWithinSeconds * 1000, Math.max(LEAST_PROOF_MS, confirmWithinSeconds * 500));
}
