import type { AgentFacts } from '../../shared/contract/agent-replies.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import { assertOurAgent } from './agent-owner.ts';
import { toConsoleAddress } from './agent-record.ts';
import { assertSameMachine } from './host-machine.ts';
import { type HostLoad, type PushWorld, sentenceOf, throwIfOver } from './push-world.ts';

const MAX_NFT_MESSAGE_CHARS = 400;

/**
 * Asks the host whether it can take the bundle; changes nothing there. Gives the load with the former bundle as read back from
 * the host, or null when the push must not go on; the reason is then stored with the step `failed`.
 */
export async function checkHost(world: PushWorld, load: HostLoad): Promise<HostLoad | null> {
  world.move(load.host, 'checking', '');
  try {
    const status = await world.agents.status(load.target);
    world.keepStatus(load.host, status);
    assertOurAgent(load.host, load.hostName, status);
    if (status.pending !== null) {
      throw new FirebreakError('PUSH_PENDING_ELSEWHERE', { host: load.hostName, pendingId: status.pending.id, by: status.pending.by });
    }
    const facts = await world.agents.facts(load.target);
    assertSameMachine(load.hostName, world.keepFacts(load.host, facts));
    const lockout = findConsoleLockout(load, facts);
    if (lockout !== null) return refuse(world, load, lockout);
    const bundleText = world.seal(load.bundleText, status);
    const reply = await world.agents.check(load.target, bundleText);
    if (!reply.ok) return refuse(world, load, `${load.hostName}: nft there refuses the new rules: ${reply.error.slice(0, MAX_NFT_MESSAGE_CHARS)}`);
    world.keepFormer(load.host, status.confirmedBundle);
    world.move(load.host, 'checked', describeMissing(load.hostName, reply.unresolved));
    return { ...load, bundleText, formerBundle: status.confirmedBundle };
  } catch (error) {
    throwIfOver(error);
    if (isFirebreakError(error, 'AGENT_MISSING')) world.keepStatus(load.host, null);
    return refuse(world, load, sentenceOf(error));
  }
}

/** A rule for somebody who is not there matches nobody: an allow rule then lets nobody through, and a deny rule stops nobody. */
const describeMissing = (hostName: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${hostName} has no ${names.slice(0, 8).join(', ')}: rules for them match nobody there.`;

function refuse(world: PushWorld, load: HostLoad, reason: string): null {
  world.move(load.host, 'failed', `${reason} Nothing was changed there.`);
  return null;
}

/**
 * Why the new rules would lock this console out, or null. The essential block lets in the recorded console addresses; the one that
 * the host sees now (SSH_CONNECTION) must be among them. Where a host only observes nothing is blocked, and it does not matter.
 */
function findConsoleLockout(load: HostLoad, facts: AgentFacts): string | null {
  if (!load.judges || facts.ssh === null) return null;
  if (load.consoleAddresses.includes(toConsoleAddress(facts.ssh.clientAddress) ?? '')) return null;
  return `${load.hostName}: this console comes from ${facts.ssh.clientAddress}, which the planned rules do not let in. The address is recorded now; plan again.`;
}
