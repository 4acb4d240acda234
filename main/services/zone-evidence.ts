import type { FleetHost } from '../../shared/model/host.ts';
import type { HostEvidence, ReadinessEvidence } from '../../shared/policy/readiness-evidence.ts';
import { listOtherDeciders } from '../../shared/text/other-firewalls.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { listLastClockOffsets } from '../db/recording-hours-store.ts';
import { findFacts, listHostStates } from '../db/host-state-store.ts';
import { listConfirmedModes } from '../db/push-store.ts';
import { listFigureSums, listFirstHours } from '../db/recording-store.ts';
import { isOlderVersion, readAgentVersion } from './agent-version.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { TOLERATED_CLOCK_MS } from './host-clock.ts';
import { listJobs, runTestsOf } from './zone-needs.ts';
import { readMaturity } from './zone-maturity.ts';

/** What is known about the members of a zone (by the draft). Reads only. */
export function readZoneEvidence(ctx: BackendContext, zone: string): ReadinessEvidence {
  const compiled = readCompiledDraft(ctx);
  const members = compiled.fleet.filter((host) => compiled.zones.get(host.id)?.zone?.name === zone);
  const managed = members.filter((h) => h.managed);
  return {
    zone,
    nowMs: ctx.nowMs(),
    hosts: listHostEvidence(ctx, managed),
    policyTests: runTestsOf(ctx, compiled, members),
    jobs: listJobs(ctx, managed),
    wouldBlockUnreviewed: countUnreviewed(ctx, compiled, members),
    maturity: readMaturity(ctx, compiled, zone),
  };
}

function listHostEvidence(ctx: BackendContext, members: readonly FleetHost[]): HostEvidence[] {
  const db = ctx.workspace.read;
  const states = new Map(listHostStates(db).map((s) => [s.host, s]));
  const applied = listAppliedHeads(db);
  const firstHours = listFirstHours(db);
  const sums = listFigureSums(db, null);
  const offsets = listLastClockOffsets(db);
  const ownVersion = readAgentVersion(ctx.agentDir);
  const sumOf = (host: FleetHost, isMeant: (figure: string) => boolean) => sums.filter((s) => s.host === host.id && isMeant(s.figure)).reduce((sum, s) => sum + s.amount, 0);
  return members.map((host) => ({
    name: host.name,
    hasAgent: states.get(host.id)?.status != null,
    isAgentOld: isOld(states.get(host.id)?.status?.agentVersion ?? null, ownVersion),
    isClockOff: Math.abs(offsets.get(host.id) ?? 0) > TOLERATED_CLOCK_MS,
    otherDeciders: listOtherDeciders(findFacts(db, host.id)?.firewalls ?? []).map(({ name }) => name),
    bypasses: states.get(host.id)?.network?.bypasses.length ?? 0,
    isReachable: states.get(host.id)?.lastError == null,
    observedSinceMs: firstHours.get(host.id) ?? null,
    testSinceMs: (applied.get(host.id)?.mode ?? 'observe') === 'observe' ? null : testSince(ctx, host),
    lostEvents: sumOf(host, (figure) => figure.startsWith('lost-') || figure === 'dropped'),
    gapMs: sumOf(host, (figure) => figure === 'gap-seconds') * 1000,
  }));
}

const isOld = (installed: string | null, own: string | null): boolean => installed !== null && own !== null && isOlderVersion(installed, own);

/** The oldest of the newest confirmed pushes that were all in test or enforce, which says no less; null when no push says so. */
function testSince(ctx: BackendContext, host: FleetHost): number | null {
  let sinceMs: number | null = null;
  for (const { atMs, mode } of listConfirmedModes(ctx.workspace.read, host.id)) {
    if (mode === 'observe') break;
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
