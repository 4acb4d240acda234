import type { AgentFacts, AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { OtherMachine } from '../../shared/contract/host-identity.ts';
import { describeError } from '../../shared/error-text.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { HostId } from '../../shared/model/ids.ts';
import { appendAudit } from '../db/audit-store.ts';
import { findFacts, findHostState, saveFacts, saveHostError, saveStatus } from '../db/host-state-store.ts';
import { replaceDiscoveredAddresses } from '../db/host-address-store.ts';
import { recordConsoleAddress } from '../db/host-store.ts';
import { noteListening } from './alert-services.ts';
import { notePosture } from './alert-posture.ts';
import { noteFailure, noteStatus } from './alert-states.ts';
import type { BackendContext } from './backend-context.ts';
import { readPassages } from './bypasses.ts';
import { settleCarriedOrder } from './carried-outcome.ts';
import { canonicalAddress, listDiscoveredAddresses } from './host-addresses.ts';
import { noteMachine } from './host-machine.ts';
import { noteClaims } from './label-claims.ts';
import { recordObservation } from './record-change.ts';

/**
 * Stores what a host said about itself: facts, its own addresses, and where this console's SSH comes from. Where another machine said it than before, nothing of it is
 * taken but that it answered, and which that is is returned: whoever asked must not go on there.
 */
export function recordFacts(ctx: BackendContext, host: HostId, facts: AgentFacts): OtherMachine | null {
  const other = recordObservation(ctx, ['hosts', 'policy'], (tx) => {
    const waiting = noteMachine(ctx, tx, host, facts.machineId);
    if (waiting !== null) return waiting;
    noteListening(ctx, tx, host, findFacts(tx, host), facts);
    const before = findHostState(tx, host)?.network?.posture ?? null;
    saveFacts(tx, host, facts, ctx.nowMs(), readPassages(facts));
    notePosture(ctx, tx, host, before, findHostState(tx, host)?.network?.posture ?? null);
    replaceDiscoveredAddresses(tx, host, listDiscoveredAddresses(facts), ctx.nowMs());
    noteClaims(ctx, tx, host, facts);
    return null;
  });
  if (other !== null) return other;
  if (facts.ssh !== null) recordConsole(ctx, host, facts.ssh.clientAddress);
  return null;
}

/** Remembers an address from which the console reaches the host; it becomes part of the host's locked management rule. */
export function recordConsole(ctx: BackendContext, host: HostId, clientAddress: string): void {
  const address = toConsoleAddress(clientAddress);
  if (address === null) return;
  recordObservation(ctx, ['hosts', 'policy'], (tx) => recordConsoleAddress(tx, host, address, ctx.nowMs()));
}

/** Canonical, or null where it is no address. sshd on a dual-stack socket may write IPv4 as `::ffff:10.0.0.9` (RFC 4291, 2.5.5.2). */
export function toConsoleAddress(clientAddress: string): string | null {
  return canonicalAddress(clientAddress.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, ''));
}

/** `null`: read that no agent is there. Rules that came by a playbook or with an image become a push here, when their host tells of them. */
export function recordStatus(ctx: BackendContext, host: HostId, status: AgentStatus | null): void {
  const settled = recordObservation(ctx, ['hosts'], (tx) => {
    saveStatus(tx, host, status, ctx.nowMs());
    if (status === null) return null;
    noteStatus(ctx, tx, host, status);
    const told = settleCarriedOrder(tx, host, status, ctx.nowMs());
    if (told !== null) appendAudit(tx, { atMs: ctx.nowMs(), actor: ctx.user, action: 'bundles.settle', subject: told.name, detail: told.text });
    return told;
  });
  if (settled !== null) ctx.changes.emit(['pushes', 'policy', 'audit']);
}

export type HostFailure = { code: string; title: string; hint: string };

/** What people read about a failure with a host; the message of a FirebreakError is its code. Pure. */
export function describeFailure(error: unknown): HostFailure {
  if (error instanceof FirebreakError) return { code: error.message, ...describeError(error.code, error.payload) };
  return { code: 'INTERNAL', ...describeError('INTERNAL', { detail: error instanceof Error ? error.message : 'an unknown failure' }) };
}

/** Keeps the failure as the host's last one, and gives what people read about it. That there is no agent is known then, too. */
export function recordFailure(ctx: BackendContext, host: HostId, error: unknown): HostFailure {
  const failure = describeFailure(error);
  recordObservation(ctx, ['hosts'], (tx) => {
    noteFailure(ctx, tx, host, failure);
    if (isFirebreakError(error, 'AGENT_MISSING')) saveStatus(tx, host, null, ctx.nowMs());
    saveHostError(tx, host, { ...failure, atMs: ctx.nowMs() });
  });
  return failure;
}
