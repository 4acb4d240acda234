import type { AgentStatus } from '../../shared/contract/agent-replies.ts';
import type { ProofHead, ProofOrder, ProofRow, ProofView } from '../../shared/contract/reach-proofs.ts';
import { FirebreakError, isFirebreakError } from '../../shared/errors.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { ReachProof } from '../../shared/model/reach-proof.ts';
import { chooseTries, type ChosenTry, type ProofWorld } from '../../shared/reach-proof/choose-tries.ts';
import { type Conclusion, concludeTry, countConclusions } from '../../shared/reach-proof/conclude-try.ts';
import type { AppliedHead } from '../db/bundle-store.ts';
import { listHosts } from '../db/host-store.ts';
import { findReachProof, insertReachProof, listReachProofs } from '../db/reach-proof-store.ts';
import { findNewestVersion } from '../db/version-store.ts';
import { createAgentClient } from './agent-client.ts';
import { describeFailure, recordFailure, recordStatus } from './agent-record.ts';
import type { BackendContext } from './backend-context.ts';
import { listListeners } from './listeners.ts';
import { policyAsSent } from './plan-impact.ts';
import { asUntried, groupTries, type HostReadiness, type ProofDesk, proveGroup } from './prove-group.ts';
import { printReachCsv } from '../reports/reach-csv.ts';
import { createLiveReader, readReachIndexes } from './reach-indexes.ts';
import { toReachRows } from './report-reach.ts';
import { recordChange } from './record-change.ts';
import { resolveTarget } from './ssh-targets.ts';

type ProofEvent = { type: 'progress'; hostName: null; text: string; done: number; total: number } | { type: 'done'; result: ProofView };

/** For a group of tries, which takes a minute at most where nobody answers. */
const WITNESS_SECONDS = 300;

/**
 * Tries what the newest pushed version says, between hosts that run what was confirmed, while both ends witness; then stores it. Leaving or aborting stores nothing, and no host keeps anything.
 * @throws INPUT_INVALID where nothing was pushed · NOT_FOUND for the zone · ABORTED
 */
export async function* proveReach(ctx: BackendContext, order: ProofOrder, signal?: AbortSignal): AsyncGenerator<ProofEvent, void, void> {
  const stop = new AbortController();
  const ended = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  const startedAtMs = ctx.nowMs();
  const { world, version, applied } = readWorld(ctx, order);
  const seed = order.seed ?? startedAtMs % 1_000_000;
  const { tries, notes } = chooseTries(world, { zone: order.zone, sample: order.sample, seed });
  const groups = groupTries(tries);
  const total = groups.reduce((sum, group) => sum + group.length, 0);
  const drifted = new Set<string>();
  const desk = createDesk(ctx, { world, applied, drifted, signal: ended });
  const done = new Map<ChosenTry, ReachProof['tries'][number]>();
  try {
    for (const group of groups) {
      yield { type: 'progress', hostName: null, text: `trying ${group.length} connections between ${new Set(group.flatMap(({ from, to }) => [from, to])).size} hosts`, done: done.size, total };
      const proven = await proveGroup(desk, group);
      if (ended.aborted) throw new FirebreakError('ABORTED', { doing: 'proving what gets through' });
      for (const [i, one] of group.entries()) done.set(one, proven[i] ?? asUntried(one, 'it was not tried'));
    }
  } finally {
    stop.abort();
  }
  const driftNotes = [...drifted].toSorted().map((name) => `${name}: the rules in its kernel are not those that were confirmed.`);
  const proof = { startedAtMs, endedAtMs: ctx.nowMs(), by: ctx.user, version, zone: order.zone, sample: order.sample, seed, notes: [...driftNotes, ...notes], tries: tries.map((one) => done.get(one) ?? asUntried(one, one.untried)) };
  const figures = countConclusions(proof.tries);
  const detail = `${proof.tries.length} tries, seed ${seed}: ${figures.allowed} proven allowed, ${figures.blocked} proven blocked, ${figures.contradicts} contradict the policy, ${figures['not-proven']} not proven`;
  const id = recordChange(ctx, { action: 'reach.prove', subject: order.zone === null ? 'all zones' : `zone ${order.zone}`, detail, groups: ['policy'] }, (tx) => insertReachProof(tx, proof));
  yield { type: 'done', result: toProofView({ id, ...proof }) };
}

/** Newest first. */
export const listProofs = (ctx: BackendContext): ProofHead[] => listReachProofs(ctx.workspace.read, 100).map(toHead);

/** The newest where `id` is null; null where there is none. @throws NOT_FOUND for a number that there is not */
export function readProof(ctx: BackendContext, id: number | null): ProofView | null {
  const proof = findReachProof(ctx.workspace.read, id);
  if (proof !== undefined) return toProofView(proof);
  if (id === null) return null;
  throw new FirebreakError('NOT_FOUND', { what: 'proof', name: String(id), known: listProofs(ctx).map((one) => String(one.id)) });
}

/** The CSV of a proof: what was tried and what follows, as in the evidence pack. @throws NOT_FOUND */
export function printProofCsv(ctx: BackendContext, id: number): string {
  const proof = findReachProof(ctx.workspace.read, id);
  if (proof === undefined) throw new FirebreakError('NOT_FOUND', { what: 'proof', name: String(id), known: listProofs(ctx).map((one) => String(one.id)) });
  return printReachCsv(toReachRows(proof));
}

const toHead = ({ notes: _notes, tries, ...head }: ReachProof): ProofHead => ({ ...head, figures: countConclusions(tries) });
const URGENCY: readonly Conclusion[] = ['contradicts', 'not-proven', 'blocked', 'allowed'];

function toProofView(proof: ReachProof): ProofView {
  const rows = proof.tries.map((one): ProofRow => ({ ...one, ...concludeTry(one) }));
  return { ...toHead(proof), notes: proof.notes, rows: rows.toSorted((a, b) => URGENCY.indexOf(a.conclusion) - URGENCY.indexOf(b.conclusion)) };
}

type World = { readonly world: ProofWorld; readonly version: number; readonly applied: ReadonlyMap<FleetHost['id'], AppliedHead> };

function readWorld(ctx: BackendContext, { zone }: ProofOrder): World {
  const { compiled, applied } = readReachIndexes(ctx);
  const { fleet: hosts } = compiled;
  const newest = findNewestVersion(ctx.workspace.read);
  if (newest === undefined) throw new FirebreakError('INPUT_INVALID', { issues: [{ path: 'proof', message: 'nothing was pushed yet, so there is nothing to prove; push a policy first' }] });
  const policy = policyAsSent(ctx, newest.id, hosts);
  const known = policy.zones.map(({ name }) => name);
  if (zone !== null && !known.includes(zone)) throw new FirebreakError('NOT_FOUND', { what: 'pushed zone', name: zone, known });
  const withSsh = new Set(listHosts(ctx.workspace.read).flatMap(({ id, ssh }) => (ssh === null ? [] : [id])));
  const listeners = listListeners(ctx);
  const absent = ({ id, name }: FleetHost): string | null => {
    if (!withSsh.has(id)) return `${name} is not managed over SSH`;
    return applied.has(id) ? null : `${name} was never confirmed to run rules of ours`;
  };
  const world = { hosts, nowMs: ctx.nowMs(), policy, absent, runsOn: createLiveReader(ctx, hosts, applied), listenersOf: ({ id }: FleetHost) => listeners.get(id) ?? null };
  return { world, version: newest.id, applied };
}

type DeskOf = Pick<World, 'world' | 'applied'> & { readonly drifted: Set<string>; readonly signal: AbortSignal };

function createDesk(ctx: BackendContext, { world, applied, drifted, signal }: DeskOf): ProofDesk {
  const agents = createAgentClient(ctx.sshPool);
  const byName = new Map(world.hosts.map((host) => [host.name, host]));
  const call = { signal };
  /** What was stopped on purpose says nothing about the host. */
  const told = (error: unknown): string => {
    if (signal.aborted || isFirebreakError(error, 'ABORTED')) throw error;
    // Usage is all that an agent of before knows to say of a command that it does not know.
    if (isFirebreakError(error, 'AGENT_FAILED') && error.payload.exitCode === 2) return `${error.payload.host}: its agent is older than this; upgrade it (firebreak agent upgrade ${error.payload.host})`;
    return describeFailure(error).title.replace(/\.$/, '');
  };
  return {
    async ready(name) {
      const host = byName.get(name);
      if (host === undefined) return { silent: '', unconfirmed: `${name} is no host of this workspace any more` };
      try {
        const status = await agents.status(resolveTarget(ctx, name), call);
        recordStatus(ctx, host.id, status);
        if (status.kernelHash !== status.expectedKernelHash) drifted.add(name);
        return { silent: '', unconfirmed: judgeStatus(host, status, applied.get(host.id)?.hash ?? null) };
      } catch (error) {
        const silent = told(error);
        recordFailure(ctx, host.id, error);
        return { silent, unconfirmed: '' } satisfies HostReadiness;
      }
    },
    witness: (name, order) => agents.witness(resolveTarget(ctx, name), { ...order, seconds: WITNESS_SECONDS }, call).catch(told),
    tryPairs: (name, pairs) => agents.tryPairs(resolveTarget(ctx, name), pairs, call).catch(told),
  };
}

/** Rules that somebody changed in the kernel are no reason: that is what a proof is to find. */
function judgeStatus(host: FleetHost, status: AgentStatus, applied: string | null): string {
  if (status.hostId !== host.id) return `${host.name} has an agent that is not of this workspace`;
  if (status.pending !== null) return `${host.name} has a push that waits for its confirmation`;
  return status.confirmedBundle === applied ? '' : `${host.name} was confirmed to run other rules than this workspace knows of`;
}
