import { setImmediate as letOthersIn } from 'node:timers/promises';
import type { KpiReport } from '../../shared/contract/kpi.ts';
import type { FleetHost } from '../../shared/model/host.ts';
import type { Kpi } from '../../shared/model/kpi.ts';
import { EMPTY_POLICY } from '../../shared/model/policy.ts';
import { diffPolicy } from '../../shared/policy/diff-policy.ts';
import type { FlowJudgement } from '../../shared/policy/judge-flow.ts';
import { computeKpis, computeKpisOf, type KpiEvidence, type KpiHost } from '../../shared/policy/kpi.ts';
import { createKpiFlowBook, type KpiFlow } from '../../shared/policy/kpi-flows.ts';
import { listAppliedHeads } from '../db/bundle-store.ts';
import { iterateStoredFlows } from '../db/flow-query.ts';
import { listFootprints } from '../db/footprint-store.ts';
import { listConfirmedModes } from '../db/push-store.ts';
import { listFirstPushes } from '../db/rule-history.ts';
import type { ReadDb } from '../db/sql.ts';
import { findVersionPolicy, listVersions } from '../db/version-store.ts';
import type { BackendContext } from './backend-context.ts';
import { type CompiledDraft, readCompiledDraft } from './draft-compiled.ts';
import { createFlowNames } from './flow-names.ts';

const DAY_MS = 86_400_000;
const DEFAULT_PERIOD_MS = 30 * DAY_MS;

/** The KPIs since then; null: the last 30 days. Reads only. */
export function readKpiReport(ctx: BackendContext, sinceMs: number | null): KpiReport {
  const fromMs = sinceMs ?? ctx.nowMs() - DEFAULT_PERIOD_MS;
  return { fromMs, toMs: ctx.nowMs(), kpis: readKpis(ctx, fromMs) };
}

export function readKpis(ctx: BackendContext, fromMs: number): Kpi[] {
  const compiled = readCompiledDraft(ctx);
  return computeKpis({ ...readSite(ctx, compiled, fromMs), flows: listKpiFlows(ctx.workspace.read, compiled, fromMs) });
}

/** Flows that are judged before others get their turn: some 10 ms. */
const FLOWS_A_TURN = 500;

/**
 * The same of the last 30 days for a window, which has other questions meanwhile: the flows of thousands of hosts take a second. All of it is as it was when asked, whatever is written meanwhile: it reads from a snapshot.
 * @throws ABORTED when the workspace is closed meanwhile
 */
export async function readKpiReportInTurns(ctx: BackendContext): Promise<KpiReport> {
  const [fromMs, toMs] = [ctx.nowMs() - DEFAULT_PERIOD_MS, ctx.nowMs()];
  const compiled = readCompiledDraft(ctx);
  const site = readSite(ctx, compiled, fromMs);
  const book = createKpiFlowBook();
  const snapshot = ctx.workspace.snapshot();
  try {
    let taken = 0;
    for (const flow of listKpiFlows(snapshot.read, compiled, fromMs)) {
      book.add(flow);
      taken += 1;
      if (taken % FLOWS_A_TURN !== 0) continue;
      await letOthersIn();
      ctx.workspace.closing.throwIfAborted();
    }
  } finally {
    snapshot.close();
  }
  return { fromMs, toMs, kpis: computeKpisOf(site, book.conversations()) };
}

/** All that is not read from flows. */
function readSite(ctx: BackendContext, { fleet }: CompiledDraft, fromMs: number): Omit<KpiEvidence, 'flows'> {
  const nowMs = ctx.nowMs();
  return { nowMs, days: Math.max(1, Math.round((nowMs - fromMs) / DAY_MS)), hosts: listKpiHosts(ctx, fleet), ruleChanges: countRuleChanges(ctx, fromMs) };
}

function listKpiHosts(ctx: BackendContext, fleet: readonly FleetHost[]): KpiHost[] {
  const applied = listAppliedHeads(ctx.workspace.read);
  const footprints = listFootprints(ctx.workspace.read);
  return fleet
    .filter((host) => host.managed)
    .map((host) => ({ id: host.id, enforcedSinceMs: applied.get(host.id)?.mode === 'enforce' ? enforcedSince(ctx, host) : null, cpuPercent: footprints.get(host.id)?.summary?.cpuPercent ?? null }));
}

/** The oldest of the newest confirmed pushes that were all in enforce; a host that enforces by none that is kept does so since it cannot be said when: now. */
function enforcedSince(ctx: BackendContext, host: FleetHost): number {
  let sinceMs = ctx.nowMs();
  for (const { atMs, mode } of listConfirmedModes(ctx.workspace.read, host.id)) {
    if (mode !== 'enforce') break;
    sinceMs = atMs;
  }
  return sinceMs;
}

function* listKpiFlows(db: ReadDb, compiled: CompiledDraft, fromMs: number): Generator<KpiFlow, void, void> {
  const names = createFlowNames(compiled);
  const pushes = new Map<string, number>(listFirstPushes(db));
  const filter = { sinceMs: fromMs, untilMs: null, verdict: null, consumer: null, provider: null, text: null, textEnds: null };
  for (const flow of iterateStoredFlows(db, filter)) {
    if (flow.direction === 'forward') continue;
    const judgement = compiled.explain(flow);
    const decidedBy = whatDecides(judgement);
    yield {
      reporter: flow.reporter,
      key: JSON.stringify([flow.reporter, flow.direction, flow.peerAddress, flow.protocol, flow.port, flow.user, flow.unit]),
      verdict: flow.verdict,
      connections: flow.connections,
      firstSeenAtMs: flow.firstSeenAtMs,
      isEastWest: names.address(flow.peerAddress).host !== null,
      decidedBy,
      isAllowed: judgement.kind === 'decided' && judgement.verdict === 'allowed',
      rulePushedAtMs: decidedBy === 'rule' ? pushedAt(pushes, judgement) : null,
    };
  }
}

function whatDecides(judgement: FlowJudgement): KpiFlow['decidedBy'] {
  if (judgement.kind !== 'decided') return 'unknown';
  if (judgement.by === 'essential') return 'essential';
  return judgement.by === null || judgement.by === 'outbound-open' || judgement.by === 'not-selected' || judgement.by.startsWith('c_') ? 'none' : 'rule';
}

const pushedAt = (pushes: ReadonlyMap<string, number>, judgement: FlowJudgement): number | null => (judgement.kind === 'decided' && judgement.by !== null ? (pushes.get(judgement.by) ?? null) : null);

/** Each version of the period against the one before it. Null: there is no version at all. */
function countRuleChanges(ctx: BackendContext, fromMs: number): number | null {
  const versions = listVersions(ctx.workspace.read);
  if (versions.length === 0) return null;
  const policyOf = (version: (typeof versions)[number] | undefined) => (version && findVersionPolicy(ctx.workspace.read, version.id)) ?? EMPTY_POLICY;
  return versions
    .filter(({ createdAtMs }) => createdAtMs >= fromMs)
    .map((version) => diffPolicy(policyOf(versions.find(({ id }) => id === version.parent)), policyOf(version)).filter(({ what }) => what === 'rule').length)
    .reduce((sum, rows) => sum + rows, 0);
}
