import type { AgentFacts, AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { OtherMachine } from '../../shared/contract/host-identity.ts';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { PushStep } from '../../shared/model/diff.ts';
import type { HostId, PolicyVersionId } from '../../shared/model/ids.ts';
import type { ZoneMode } from '../../shared/model/policy.ts';
import type { ResolvedTarget } from '../ssh/ssh-target.ts';
import type { AgentClient } from './agent-client.ts';
import type { Meeting, MeetingCall } from './meet-host.ts';
import type { HostBundle } from './plan-bundles.ts';

/** One host's part of a push. `formerBundle` is what the host goes back to by itself (null: not known, or nothing). */
export type HostLoad = {
  pushId: string;
  by: string;
  confirmWithinSeconds: number;
  host: HostId;
  hostName: string;
  target: ResolvedTarget;
  bundle: string;
  bundleText: string;
  mode: ZoneMode;
  /** Whether its rules can refuse anything: in test and enforce, and where it is contained. */
  judges: boolean;
  formerBundle: string | null;
  /** What the host must have confirmed as the last thing for this push to be what its plan showed; null: whatever it runs is replaced. */
  plannedOn: string | null;
  /** Addresses from which the new rules let SSH in. */
  consoleAddresses: readonly string[];
};

/** What one host is to be sent. `formerBundle` is what it was last known to run; equal to `bundle.hash`, the host is left alone. */
export type PushMember = {
  bundle: HostBundle;
  formerBundle: string | null;
  /** The version that the bundle comes from, where it is not the push's own (a rollback takes hosts back to different ones; null: to none). */
  origin?: { version: PolicyVersionId | null };
};

/**
 * What the steps of a push need of the world; clock and waiting are parameters so that tests do not sleep.
 * Each `keep…` and `move` has stored what it was given before it returns; they throw when the workspace cannot be written.
 */
export type PushWorld = {
  agents: AgentClient;
  nowMs: () => number;
  wait: (durationMs: number) => Promise<void>;
  /** Likewise, and over at once when `signal` aborts. */
  pause: (durationMs: number, signal: AbortSignal) => Promise<void>;
  /** Which machine answers, and where it sees this console; null where it does not say. */
  meet(target: ResolvedTarget, call?: MeetingCall): Promise<Meeting | null>;
  move(host: HostId, step: PushStep, detail: string): void;
  /** Null: read that no agent is there. */
  keepStatus(host: HostId, status: AgentStatus | null): void;
  /** Which machine answered, where it is another than before: nothing of its facts was taken then. */
  keepFacts(host: HostId, facts: AgentFacts): OtherMachine | null;
  /** Likewise, for one that said no more than who it is. */
  keepMachine(host: HostId, machineId: string): OtherMachine | null;
  /** An address from which the host sees this console. */
  keepConsole(host: HostId, clientAddress: string): void;
  /** The bundle as this host takes it: numbered above all that it has confirmed, and signed. */
  seal(bundleText: string, status: AgentStatus): string;
  keepFormer(host: HostId, formerBundle: string | null): void;
  /** Who goes when, where that is not as it was stored: from the first wave on; all at once where there is one. Hosts that are in none have none. */
  keepWaves(waves: readonly (readonly HostId[])[]): void;
  /** Moves to `confirmed` and makes the bundle the host's applied one, in one transaction. */
  moveToConfirmed(load: Pick<HostLoad, 'host' | 'bundle'>, detail: string): void;
  /** Ends what lives there though the confirmed rules forbid it, where the push is to do that. Never rejects for what the host does: that is stored. */
  cutSessions(load: HostLoad): Promise<void>;
  /** Fetches the flows that the host recorded. Never rejects: a failure is kept with the host and does not fail a push. */
  collect(load: HostLoad): Promise<void>;
};

/** What people read about a failure within a push: the sentence of a FirebreakError, or an honest general one. */
export function sentenceOf(error: unknown): string {
  const payload = { detail: error instanceof Error ? error.message : 'an unknown failure' };
  const { title } = error instanceof FirebreakError ? describeError(error.code, error.payload) : describeError('INTERNAL', payload);
  return /[.!?]$/.test(title) ? title : `${title}.`;
}

/**
 * The workspace cannot be written, or the console is closing. That is no host's failure: nothing more may be sent, since nothing could be
 * told of it afterwards. Hosts that wait for a confirmation go back by themselves; reconciling finds out.
 */
export class CannotGoOn extends Error {
  constructor(cause: unknown) {
    super('the push cannot go on', { cause });
    this.name = 'CannotGoOn';
  }
}

/** Throws CannotGoOn when `error` says so; calls are aborted only by closing the connections of the whole console. */
export function throwIfOver(error: unknown): void {
  if (error instanceof CannotGoOn) throw error;
  if (isFirebreakError(error, 'ABORTED')) throw new CannotGoOn(error);
}

/** The same world, whose failures to store are CannotGoOn and so can be told from what hosts do. */
export function stoppingAtStoreFailures(world: PushWorld): PushWorld {
  const guarded =
    <Args extends unknown[], T>(store: (...args: Args) => T) =>
    (...args: Args): T => {
      try {
        return store(...args);
      } catch (error) {
        throw error instanceof CannotGoOn ? error : new CannotGoOn(error);
      }
    };
  return {
    ...world,
    move: guarded(world.move),
    keepStatus: guarded(world.keepStatus),
    keepFacts: guarded(world.keepFacts),
    keepMachine: guarded(world.keepMachine),
    keepConsole: guarded(world.keepConsole),
    keepFormer: guarded(world.keepFormer),
    keepWaves: guarded(world.keepWaves),
    moveToConfirmed: guarded(world.moveToConfirmed),
  };
}
