import type { FleetHost } from '../../shared/model/host.ts';
import type { HostEvidence, ReadinessEvidence } from '../../shared/policy/readiness.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { listHostStates } from '../db/host-state-store.ts';
import { listConfirmedModes } from '../db/push-store.ts';
import { listFigureSums, listFirstHours } from '../db/recording-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';

/** What is known about the members of a zone (by the draft). Reads only. */
export function readZoneEvidence(ctx: BackendContext, zone: string): ReadinessEvidence {
  const compiled = readCompiledDraft(ctx);
  const members = compiled.fleet.filter((host) => compiled.zones.get(host.id)?.zone?.name === zone);
  return {
    nowMs: ctx.nowMs(),
    hosts: listHostEvidence(
      ctx,
      members.filter((h) => h.managed),
    ),
    wouldBlockUnreviewed: countUnreviewed(ctx, compiled, members),
  };
}

function listHostEvidence(ctx: BackendContext, members: readonly FleetHost[]): HostEvidence[] {
  const db = ctx.workspace.read;
  const states = new Map(listHostStates(db).map((s) => [s.host, s]));
  const applied = listAppliedHeads(db);
  const firstHours = listFirstHours(db);
  const sums = listFigureSums(db, null);
  return members.map((host) => ({
    name: host.name,
    hasAgent: states.get(host.id)?.status != null,
    isReachable: states.get(host.id)?.lastError == null,
    observedSinceMs: firstHours.get(host.id) ?? null,
    testSinceMs: applied.get(host.id)?.mode === 'test' ? testSince(ctx, host) : null,
    lostEvents: sums.filter((s) => s.host === host.id && (s.figure.startsWith('lost-') || s.figure === 'dropped')).reduce((sum, s) => sum + s.amount, 0),
  }));
}

/** The oldest of the newest confirmed pushes that were all in test mode; null when no push says so. */
function testSince(ctx: BackendContext, host: FleetHost): number | null {
  let sinceMs: number | null = null;
  for (const { atMs, mode } of listConfirmedModes(ctx.workspace.read, host.id)) {
    if (mode !== 'test') break;
    sinceMs = atMs;
  }
  return sinceMs;
}

/** Distinct flows (whatever the version that counted them) that no rule of the draft decides by now. */
function countUnreviewed(ctx: BackendContext, compiled: CompiledDraft, members: readonly FleetHost[]): number {
  const ids = new Set(members.map((h) => h.id));
  const unreviewed = new Set<string>();
  const filter = { sinceMs: null, untilMs: null, verdict: ['would-block' as const], consumer: null, provider: null, text: null, textEnds: null };
  for (const flow of iterateStoredFlows(ctx.workspace.read, filter)) {
    if (!ids.has(flow.reporter)) continue;
    const judgement = compiled.explain(flow);
    if (judgement.kind === 'decided' && judgement.by !== null) continue;
    unreviewed.add(JSON.stringify([flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, flow.user, flow.unit]));
  }
  return unreviewed.size;
}
