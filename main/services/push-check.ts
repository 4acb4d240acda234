import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import { assertOurAgent } from './agent-owner.ts';
import { toConsoleAddress } from './agent-record.ts';
import { assertSameMachine } from './host-machine.ts';
import type { Meeting } from './meet-host.ts';
import { type HostLoad, type PushWorld, sentenceOf, throwIfOver } from './push-world.ts';

const MAX_NFT_MESSAGE_CHARS = 400;

/**
 * Asks the host whether it can take the bundle; changes nothing there. Gives the load with the former bundle as read back from
 * the host, or null when the push must not go on; the reason is then stored with the step `failed`. Where those that are away are left out, one
 * to which no connection came about gives why, and what becomes of it is the caller's to store.
 */
export async function checkHost(world: PushWorld, load: HostLoad, leavesAway = false): Promise<HostLoad | Away | null> {
  world.move(load.host, 'checking', '');
  try {
    // On two channels of one connection.
    const [status, met] = await Promise.all([world.agents.status(load.target), world.meet(load.target)]);
    world.keepStatus(load.host, status);
    assertOurAgent(load.host, load.hostName, status);
    if (status.pending !== null) {
      throw new FirebreakError('PUSH_PENDING_ELSEWHERE', { host: load.hostName, pendingId: status.pending.id, by: status.pending.by });
    }
    const moved = findMovedBase(load, status);
    if (moved !== null) return refuse(world, load, moved);
    const lockout = findConsoleLockout(load, await keepMeeting(world, load, met));
    if (lockout !== null) return refuse(world, load, lockout);
    const bundleText = world.seal(load.bundleText, status);
    const reply = await world.agents.check(load.target, bundleText);
    if (!reply.ok) return refuse(world, load, `${load.hostName}: nft there refuses the new rules: ${reply.error.slice(0, MAX_NFT_MESSAGE_CHARS)}`);
    world.keepFormer(load.host, status.confirmedBundle);
    world.move(load.host, 'checked', describeMissing(load.hostName, reply.unresolved));
    return { ...load, bundleText, formerBundle: status.confirmedBundle };
  } catch (error) {
    throwIfOver(error);
    if (leavesAway && isAway(error)) return { away: sentenceOf(error) };
    if (isFirebreakError(error, 'AGENT_MISSING')) world.keepStatus(load.host, null);
    return refuse(world, load, sentenceOf(error));
  }
}

/** Why no connection came about. */
export type Away = { readonly away: string };

/** A host that answers and refuses, one whose key changed, and one that was lost in the middle are not away: somebody has to look at these. */
export const isAway = (error: unknown): boolean => isFirebreakError(error, 'HOST_UNREACHABLE') && error.payload.notAway !== true;

/** Why the plan showed another change than this push would make, or null. What the host said now is stored, so that the next plan shows it. Pure. */
function findMovedBase({ hostName, plannedOn }: HostLoad, { confirmedBundle, last }: AgentStatus): string | null {
  if (plannedOn === null || confirmedBundle === plannedOn) return null;
  const by = last === null ? '' : ` (push ${last.id}: ${last.event})`;
  return `${hostName} runs other rules than this push was planned on${by}: another console or somebody there changed them since. Plan again, and look at what would be replaced.`;
}

/** A rule for somebody who is not there matches nobody: an allow rule then lets nobody through, and a deny rule stops nobody. */
const describeMissing = (hostName: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `${hostName} has no ${names.slice(0, 8).join(', ')}: rules for them match nobody there, or whom its directory named in the last week.`;

function refuse(world: PushWorld, load: HostLoad, reason: string): null {
  world.move(load.host, 'failed', `${reason} Nothing was changed there.`);
  return null;
}

/**
 * Stores which machine answers and from where it sees this console, and gives the latter; null where nobody there can say. The agent is asked where the login shell did not say.
 * @throws HOST_REBUILT
 */
async function keepMeeting(world: PushWorld, load: HostLoad, met: Meeting | null): Promise<string | null> {
  if (met !== null) {
    assertSameMachine(load.hostName, world.keepMachine(load.host, met.machineId));
    world.keepConsole(load.host, met.clientAddress);
    return met.clientAddress;
  }
  const facts = await world.agents.facts(load.target);
  assertSameMachine(load.hostName, world.keepFacts(load.host, facts));
  return facts.ssh?.clientAddress ?? null;
}

/**
 * Why the new rules would lock this console out, or null. The essential block lets in the recorded console addresses; the one that
 * the host sees now (SSH_CONNECTION) must be among them. Where a host only observes nothing is blocked, and it does not matter.
 */
function findConsoleLockout(load: HostLoad, seenFrom: string | null): string | null {
  if (!load.judges || seenFrom === null || load.consoleAddresses.includes(toConsoleAddress(seenFrom) ?? '')) return null;
  return `${load.hostName}: this console comes from ${seenFrom}, which the planned rules do not let in. The address is recorded now; plan again.`;
}
